// SPDX-License-Identifier: MIT
// maxmemory and its policies: parameters, the gate that asks for room before a command, INFO.
#include <algorithm>
#include <chrono>
#include <climits>
#include <functional>
#include <string>
#include <thread>

#include "05-aof/append_only.h"
#include "08-replication/replication.h"
#include "10-full-server/commands/commands.h"
#include "10-full-server/commands/eviction_parts.h"
#include "10-full-server/eviction/evictor.h"
#include "10-full-server/introspection/latency_monitor.h"
#include "10-full-server/lazy_free/lazy_free.h"
#include "shared/server/server.h"
#include "shared/util/memory.h"
#include "shared/util/numbers.h"

namespace full_server {

using eviction::Evictor;
using server::InfoWriter;
using server::Server;
using util::Result;

// What the stream takes for replicas that lag behind. Its blocks are shared, so the one that is furthest behind tells.
static uint64_t replica_backlog(replication::Replication& replication) {
  using replication::ReplicationStream;
  size_t unsent = 0;
  for (const auto* replica : replication.master().replicas()) unsent = std::max(unsent, replica->client.output.size());
  const uint64_t blocks = unsent == 0 ? 0 : unsent / ReplicationStream::kBlockSize + 2;
  constexpr uint64_t kReference = 64;  // of an output to a block
  return std::max<uint64_t>(replication.state().stream.memory_size(),
                            blocks * (ReplicationStream::kBlockMemory + kReference));
}

// Removing keys makes these grow (each removal is a DEL for them): if they counted, the removals would go on without end.
// The stream counts as far as repl-backlog-size wants it.
static uint64_t uncounted_memory(Server& server) {
  auto& replication = server.parts.get<replication::Replication>();
  constexpr uint64_t kBlock = replication::ReplicationStream::kBlockMemory;
  const uint64_t wanted = (replication.settings().backlog_size / kBlock + 1) * kBlock;
  const uint64_t kept = replica_backlog(replication);
  return server.parts.get<aof::AppendOnly>().log().buffered() + (kept > wanted ? kept - wanted : 0);
}

static bool may_evict(Server& server) {
  if (server.loading.active() || server.databases.environment().paused) return false;
  const auto& state = server.parts.get<replication::Replication>().state();
  return !(state.is_replica() && state.settings.ignore_max_memory);
}

// What was evicted may be on its way: memory counts until it is freed.
static bool wait_for_free(Server& server) {
  if (server.parts.get<lazy_free::LazyFree>().pending() == 0) return false;
  std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return true;
}

// The part as the server owns it: the evictor, its limits and its place before every command.
struct MemoryLimit {
  explicit MemoryLimit(Server& server);

  void update();
  std::string_view check(const command::Client& client, const command::Command& command);

  Server& server;
  eviction::Limits limits;
  net::Timer timer;
  Evictor evictor;
  command::Gate gate;
  std::function<void()> update_clients;  // their limit may be a share of ours
  bool full = false;  // what the last look said; it holds for a whole transaction
};

MemoryLimit::MemoryLimit(Server& owner)
    : server(owner),
      timer(owner.loop),
      evictor(owner.databases, owner.clock, limits,
              {.may_evict = [this] { return may_evict(server); },
               .used_memory = [] { return memory::used(); },
               .uncounted = [this] { return uncounted_memory(server); },
               .release_spare = [] { resp::OutputBuffer::release_spare(); },
               .wait_for_free = [this] { return wait_for_free(server); },
               .continue_soon =
                   [this] {
                     timer.start(std::chrono::milliseconds(0), [this] {
                       evictor.go_on();
                       server.turn.request_end();
                     });
                   },
               .took =
                   [&monitor = owner.parts.get<introspection::LatencyMonitor>()](Evictor::Phase phase, int64_t microseconds) {
                     static constexpr std::string_view kEvents[] = {"eviction-cycle", "eviction-del", "eviction-lazyfree"};
                     monitor.add(kEvents[static_cast<size_t>(phase)], microseconds);
                   }}) {
  gate.order = command::Gate::kOutOfMemory;
  gate.concerns = command::Gate::kEverything;
  gate.check = [this](const command::Client& client, const command::Command& command) { return check(client, command); };
  server.executor.add_gate(gate);
  server.turn.add_cleanup([this] { evictor.turn_ended(); });
}

// The limit, the policy or a rule of it has changed.
void MemoryLimit::update() {
  keyspace::Environment& environment = server.databases.environment();
  environment.usage.frequency = limits.rule().order == eviction::Order::Frequency;
  environment.clock = environment.usage.fresh(environment.now);
  gate.closed = limits.max_memory > 0;
  server.executor.gates_changed();
  update_clients();
}

std::string_view MemoryLimit::check(const command::Client& client, const command::Command& command) {
  const bool inside = server.executor.executing();
  if (!inside) full = evictor.make_room() == Evictor::Outcome::Full;
  if (!full) return {};
  bool refused = (command.row->flags & command::kDenyOom) != 0;
  // What is queued takes memory too, but a transaction may always be ended.
  if (client.queue != nullptr && !inside) {
    static constexpr std::string_view kEnds[] = {"exec", "discard", "quit", "reset"};
    refused = std::find(std::begin(kEnds), std::end(kEnds), command.row->name) == std::end(kEnds);
  }
  return refused ? util::errors::kOutOfMemory.text : std::string_view{};
}

static Result<> limit_changed(MemoryLimit& part) {
  part.update();
  if (part.limits.max_memory == 0) return {};
  const uint64_t used = part.evictor.counted_memory();
  if (part.limits.max_memory < used) {
    part.server.log.warning("WARNING: the new maxmemory value set via CONFIG SET (" +
                            std::to_string(part.limits.max_memory) + ") is smaller than the current memory usage (" +
                            std::to_string(used) + "): keys will be evicted, or commands that need memory refused");
  }
  part.evictor.start();
  return {};
}

static server::Parameter policy_parameter(int& policy) {
  using eviction::kPolicies;
  static_assert(std::size(kPolicies) == 8);
  const auto row = [](int index) { return server::Choice{kPolicies[index].name, index}; };
  return server::choice("maxmemory-policy", policy,
                        {row(0), row(1), row(2), row(3), row(4), row(5), row(6), row(7)});
}

static void add_parameters(MemoryLimit& part) {
  server::ParameterTable& table = part.server.parameters;
  keyspace::UsageClock& usage = part.server.databases.environment().usage;
  const auto update = [&part]() -> Result<> {
    part.update();
    return {};
  };
  table.add(server::memory_size("maxmemory", part.limits.max_memory).then([&part] { return limit_changed(part); }));
  table.add(policy_parameter(part.limits.policy).then(update));
  table.add(server::integer("maxmemory-samples", part.limits.samples, 1, INT_MAX));
  table.add(server::integer("maxmemory-eviction-tenacity", part.limits.tenacity, 0, 100));
  table.add(server::integer("lfu-log-factor", usage.log_factor, 0, INT_MAX));
  table.add(server::integer("lfu-decay-time", usage.decay_minutes, 0, INT_MAX));
}

static void add_info(MemoryLimit& part) {
  part.server.info.extend("memory", [&part](InfoWriter& out) {
    out.field("maxmemory", part.limits.max_memory);
    out.field("maxmemory_human", util::human_bytes(part.limits.max_memory));
    out.field("maxmemory_policy", part.limits.rule().name);
    out.field("mem_not_counted_for_evict", part.evictor.uncounted_memory());
  });
  part.server.info.extend("stats", [&part](InfoWriter& out) {
    out.field("evicted_keys", part.server.databases.environment().evicted);
    out.field("total_eviction_exceeded_time", part.evictor.exceeded_total() / 1000);
    out.field("current_eviction_exceeded_time", part.evictor.exceeded_now() / 1000);
  });
}

void compose_eviction(Server& server) {
  auto& part = server.own<MemoryLimit>(server);
  server.parts.provide(part.limits);
  server.parts.provide(part.evictor);
  part.update_clients = compose_client_eviction(server, part.limits);
  add_parameters(part);
  add_info(part);
  server.on_start([&part] { part.update(); });
  server.on_reset([&part] { part.evictor.reset_statistics(); });
}

}  // namespace full_server
