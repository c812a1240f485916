// SPDX-License-Identifier: MIT
#include "10-full-server/introspection/memory_overview.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "05-aof/append_only.h"
#include "08-replication/replication.h"
#include "shared/server/server.h"
#include "shared/util/memory.h"
#include "shared/util/numbers.h"

namespace introspection {

uint64_t MemoryOverview::overhead() const {
  uint64_t sum = startup + backlog + replicas + clients + log_buffer;
  for (const Database& each : databases) sum += each.table;
  return sum;
}

Excess excess(uint64_t whole, uint64_t part) {
  const double ratio = part == 0 ? 0 : static_cast<double>(whole) / static_cast<double>(part);
  return {ratio, static_cast<int64_t>(whole) - static_cast<int64_t>(part)};
}

static void add_clients(server::Server& server, MemoryOverview& overview) {
  server.clients.for_each([&](server::Connection& connection) {
    const bool replica = connection.client().kind == command::Client::Kind::Replica;
    // What a replica has still to be sent is the backlog's own bytes.
    const uint64_t shared = replica ? connection.client().output.memory_size() : 0;
    (replica ? overview.replicas : overview.clients) += connection.memory_size() - shared;
  });
}

// The stream's blocks live as long as the backlog or somebody's output needs them. What is beyond the backlog's size is
// there for replicas that lag behind; without any, it is what is left of a whole block.
static void add_stream(replication::Replication& replication, MemoryOverview& overview) {
  uint64_t held = replication.state().stream.memory_size();
  for (const replication::ReplicaClient* replica : replication.master().replicas()) {
    held = std::max<uint64_t>(held, replica->client.output.size());
  }
  const uint64_t limit = replication.settings().backlog_size;
  overview.backlog = replication.master().replicas().empty() ? held : std::min(held, limit);
  overview.replicas += held - overview.backlog;
  overview.stream = held;
}

MemoryOverview take_memory_overview(server::Server& server, uint64_t startup) {
  memory::sample_peak();
  MemoryOverview overview{};
  overview.used = memory::used();
  overview.peak = std::max(memory::peak(), overview.used);
  overview.startup = startup;
  overview.resident = memory::resident();
  overview.allocator = memory::allocator_stats();
  if (overview.allocator.allocated == 0) overview.allocator = {overview.used, overview.used, overview.resident};
  if (auto* replication = server.parts.find<replication::Replication>()) {
    add_stream(*replication, overview);
  }
  if (auto* log = server.parts.find<aof::AppendOnly>()) overview.log_buffer = log->log().buffered();
  add_clients(server, overview);
  for (int i = 0; i < server.databases.count(); ++i) {
    const keyspace::Keyspace& keys = server.databases[i];
    if (keys.size() == 0) continue;
    overview.keys += keys.size();
    overview.databases.push_back({i, keys.table().memory_size()});
  }
  return overview;
}

static void write_excess(server::InfoWriter& out, std::string_view ratio, std::string_view bytes, Excess value) {
  out.field(ratio, fmt::format("{:.2f}", value.ratio));
  out.field(bytes, value.bytes);
}

void write_memory_overview(const MemoryOverview& now, server::InfoWriter& out) {
  out.field("used_memory_overhead", now.overhead());
  out.field("used_memory_startup", now.startup);
  out.field("used_memory_dataset", now.dataset());
  out.field("used_memory_dataset_perc", fmt::format("{:.2f}%", now.dataset_percent()));
  out.field("allocator_allocated", now.allocator.allocated);
  out.field("allocator_active", now.allocator.active);
  out.field("allocator_resident", now.allocator.resident);
  write_excess(out, "allocator_frag_ratio", "allocator_frag_bytes",
               excess(now.allocator.active, now.allocator.allocated));
  write_excess(out, "allocator_rss_ratio", "allocator_rss_bytes", excess(now.allocator.resident, now.allocator.active));
  write_excess(out, "rss_overhead_ratio", "rss_overhead_bytes", excess(now.resident, now.allocator.resident));
  out.field("mem_fragmentation_bytes", excess(now.resident, now.used).bytes);
  out.field("mem_replication_backlog", now.backlog);
  out.field("mem_total_replication_buffers", now.stream);
  out.field("mem_clients_slaves", now.replicas);
  out.field("mem_clients_normal", now.clients);
  out.field("mem_aof_buffer", now.log_buffer);
}

std::string memory_report(const MemoryOverview& now, size_t clients, size_t replicas) {
  constexpr uint64_t kLittle = 5 << 20;
  constexpr int64_t kMuch = 10 << 20;
  if (now.used < kLittle) return "The server holds very little: what memory it takes says nothing yet.\n";
  const auto high = [](Excess value, double ratio) { return value.ratio > ratio && value.bytes > kMuch; };
  std::string report;
  const auto finding = [&](std::string_view text) { report.append("- ").append(text).append("\n"); };
  if (excess(now.peak, now.used).ratio > 1.5) {
    finding(
        "The peak was more than one and a half times what is used now. The process keeps such memory for later; MEMORY "
        "PURGE gives back what it can.");
  }
  if (high(excess(now.resident, now.used), 1.4)) {
    finding("The process takes more than 1.4 times what is allocated: after a peak, or because allocations are scattered.");
  }
  if (high(excess(now.allocator.active, now.allocator.allocated), 1.1)) {
    finding("More than a tenth of the allocator's pages is unused: allocations are scattered over them.");
  }
  if (high(excess(now.allocator.resident, now.allocator.active), 1.1)) {
    finding("The allocator keeps pages that hold nothing; MEMORY PURGE gives them back.");
  }
  if (high(excess(now.resident, now.allocator.resident), 1.1)) {
    finding("More than a tenth of the process's memory is not the allocator's.");
  }
  if (clients > 0 && now.clients / clients > 200 * 1024) {
    finding("Clients hold more than 200 KB each on average: long pipelines or replies that are not read. See CLIENT LIST.");
  }
  if (replicas > 0 && now.replicas / replicas > static_cast<uint64_t>(kMuch)) {
    finding("Replicas do not read as fast as they are sent to: more than 10 MB waits for each. See INFO replication.");
  }
  if (report.empty()) return "Nothing about the server's memory stands out.\n";
  return "What stands out:\n\n" + report;
}

}  // namespace introspection
