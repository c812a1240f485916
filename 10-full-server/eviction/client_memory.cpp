// SPDX-License-Identifier: MIT
#include "10-full-server/eviction/client_memory.h"

#include <algorithm>
#include <vector>

#include "shared/server/connection.h"

namespace eviction {

using server::Connection;
using Kind = command::Client::Kind;

// One that is closing anyway does not count: nobody else should go for it.
static bool counts(Connection& connection) {
  const command::Client& client = connection.client();
  return !client.no_evict && !connection.doomed() && (client.kind == Kind::Normal || client.kind == Kind::PubSub);
}

void ClientMemory::set_limit(uint64_t limit) {
  limit_ = limit == 0 ? 0 : std::max(limit, kLowestLimit);
  frame_.memory_guard = limit == 0 ? nullptr : this;
  clients_.for_each([this, limit](Connection& connection) {
    if (limit == 0) return count(connection, 0);
    memory_changed(connection);
  });
}

void ClientMemory::memory_changed(Connection& connection) {
  if (connection.closed()) return;
  count(connection, counts(connection) ? connection.memory_size() : 0);
  if (total_ > limit_) turn_.request_end();
}

void ClientMemory::closed(Connection& connection) { count(connection, 0); }

// The largest first, until the others are within the limit.
void ClientMemory::evict() {
  if (limit_ == 0 || total_ <= limit_) return;
  std::vector<Connection*> connections;
  clients_.for_each([&](Connection& connection) {
    if (connection.guarded_memory > 0) connections.push_back(&connection);
  });
  std::sort(connections.begin(), connections.end(),
            [](const Connection* a, const Connection* b) { return a->guarded_memory > b->guarded_memory; });
  for (Connection* connection : connections) {
    if (total_ <= limit_) break;
    ++evicted_;
    if (on_evict) on_evict(*connection);
    connection->close();
  }
}

}  // namespace eviction
