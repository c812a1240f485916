// SPDX-License-Identifier: MIT
// maxmemory-clients, in bytes or as a share of maxmemory.
#include <climits>
#include <string>

#include "10-full-server/commands/eviction_parts.h"
#include "10-full-server/eviction/client_memory.h"
#include "10-full-server/eviction/limits.h"
#include "shared/server/server.h"
#include "shared/util/numbers.h"

namespace full_server {

using eviction::ClientMemory;
using server::Server;
using util::Failure;
using util::Result;

// What the parameter says: bytes, or percents of maxmemory.
struct ClientLimit {
  uint64_t bytes = 0;
  int percent = 0;

  uint64_t in_bytes(const eviction::Limits& limits) const {
    if (percent == 0) return bytes;
    // A share of nothing is no limit, but clients are measured.
    if (limits.max_memory == 0) return ULLONG_MAX;
    return static_cast<uint64_t>(static_cast<double>(limits.max_memory) * percent / 100);
  }
};

static Result<> read_limit(std::string_view given, ClientLimit& limit) {
  ClientLimit read;
  if (given.ends_with('%')) {
    const auto percent = util::parse_int64(given.substr(0, given.size() - 1));
    if (!percent || *percent < 0) return Failure{"argument must be a memory or percent value"};
    if (*percent > 100) return Failure{"percentage argument must be less or equal to 100"};
    read.percent = static_cast<int>(*percent);
  } else {
    const auto bytes = util::parse_memory_size(given);
    if (!bytes) return Failure{"argument must be a memory or percent value"};
    read.bytes = *bytes;
  }
  limit = read;
  return {};
}

std::function<void()> compose_client_eviction(Server& server, const eviction::Limits& limits) {
  auto& memory = server.own<ClientMemory>(server.frame, server.clients, server.turn);
  auto& limit = server.own<ClientLimit>();
  server.parts.provide(memory);
  memory.on_evict = [&server](server::Connection& connection) {
    server.log.verbose("Evicting client: " + server::ClientRegistry::describe(
                                                 connection, server.databases.environment().now));
  };
  const auto update = [&memory, &limit, &limits] { memory.set_limit(limit.in_bytes(limits)); };
  server.parameters.add({.name = "maxmemory-clients",
                         .get =
                             [&limit] {
                               return limit.percent > 0 ? std::to_string(limit.percent) + "%"
                                                        : std::to_string(limit.bytes);
                             },
                         .set = [&limit](std::string_view given) { return read_limit(given, limit); },
                         .apply = [update]() -> Result<> {
                           update();
                           return {};
                         }});
  server.turn.add_cleanup([&memory] { memory.evict(); });
  server.on_reset([&memory] { memory.reset_statistics(); });
  server.info.extend("stats", [&memory](server::InfoWriter& out) { out.field("evicted_clients", memory.evicted()); });
  return update;
}

}  // namespace full_server
