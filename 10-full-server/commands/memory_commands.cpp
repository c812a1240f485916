// SPDX-License-Identifier: MIT
// MEMORY USAGE, STATS, DOCTOR, PURGE, MALLOC-STATS, HELP.
#include "10-full-server/commands/commands.h"
#include "10-full-server/commands/help_reply.h"
#include "10-full-server/introspection/memory_overview.h"
#include "10-full-server/introspection/start_state.h"
#include "shared/command/context.h"
#include "shared/keyspace/type_descriptor.h"
#include "shared/server/server.h"
#include "shared/util/allocator.h"
#include "shared/util/numbers.h"

namespace full_server {

using command::Context;
using introspection::Excess;
using introspection::MemoryOverview;

// MEMORY USAGE key [SAMPLES count]: exact, whatever the count of samples. To ask is no lookup.
static void usage(Context& c) {
  command::ArgReader reader = c.reader(3);
  while (reader.more()) {
    if (!reader.take_with("samples", 1)) return c.fail(util::errors::kSyntax);
    if (reader.integer() < 0) return c.fail(util::errors::kSyntax);
  }
  if (!reader.ok()) return c.fail(reader.error());
  const keyspace::Entry* entry = c.db().peek(c.arg(2));
  if (entry == nullptr) return c.reply().null();
  c.reply().integer(static_cast<int64_t>(keyspace::descriptor_of(*entry).memory(*entry)));
}

static MemoryOverview overview(Context& c) {
  return introspection::take_memory_overview(c.get<server::Server>(), c.get<introspection::StartState>().used_memory);
}

namespace {

// MEMORY STATS: names and values, counted as they are written.
class Pairs {
 public:
  explicit Pairs(resp::ReplyWriter& reply) : reply_(reply), map_(reply.open_map()) {}
  ~Pairs() { map_.close(count_); }
  void integer(std::string_view name, uint64_t value) { begin(name).integer(static_cast<int64_t>(value)); }
  void number(std::string_view name, double value) { begin(name).number(value); }
  void excess(std::string_view name, Excess value, std::string_view ratio = ".ratio") {
    number(std::string(name).append(ratio), value.ratio);
    begin(std::string(name).append(".bytes")).integer(value.bytes);
  }
  resp::ReplyWriter& begin(std::string_view name) {
    ++count_;
    reply_.bulk(name);
    return reply_;
  }

 private:
  resp::ReplyWriter& reply_;
  resp::ReplyWriter::Deferred map_;
  size_t count_ = 0;
};

}  // namespace

static void write_databases(Pairs& pairs, const MemoryOverview& now) {
  for (const MemoryOverview::Database& each : now.databases) {
    resp::ReplyWriter& reply = pairs.begin("db." + std::to_string(each.index));
    reply.map(3);
    reply.bulk("overhead.hashtable.main");
    reply.integer(static_cast<int64_t>(each.table));
    reply.bulk("overhead.hashtable.expires");  // a bit in the table's slot
    reply.integer(0);
    reply.bulk("overhead.hashtable.slot-to-keys");  // no cluster
    reply.integer(0);
  }
}

static void stats(Context& c) {
  const MemoryOverview now = overview(c);
  Pairs pairs(c.reply());
  pairs.integer("peak.allocated", now.peak);
  pairs.integer("total.allocated", now.used);
  pairs.integer("startup.allocated", now.startup);
  pairs.integer("replication.backlog", now.backlog);
  pairs.integer("clients.slaves", now.replicas);
  pairs.integer("clients.normal", now.clients);
  pairs.integer("cluster.links", 0);
  pairs.integer("aof.buffer", now.log_buffer);
  pairs.integer("lua.caches", 0);
  pairs.integer("functions.caches", 0);
  write_databases(pairs, now);
  pairs.integer("overhead.total", now.overhead());
  pairs.integer("keys.count", now.keys);
  pairs.integer("keys.bytes-per-key", now.keys == 0 ? 0 : now.net() / now.keys);
  pairs.integer("dataset.bytes", now.dataset());
  pairs.number("dataset.percentage", now.dataset_percent());
  pairs.number("peak.percentage", now.peak_percent());
  pairs.integer("allocator.allocated", now.allocator.allocated);
  pairs.integer("allocator.active", now.allocator.active);
  pairs.integer("allocator.resident", now.allocator.resident);
  pairs.excess("allocator-fragmentation", introspection::excess(now.allocator.active, now.allocator.allocated));
  pairs.excess("allocator-rss", introspection::excess(now.allocator.resident, now.allocator.active));
  pairs.excess("rss-overhead", introspection::excess(now.resident, now.allocator.resident));
  pairs.excess("fragmentation", introspection::excess(now.resident, now.used), "");
}

static void doctor(Context& c) {
  size_t replicas = 0;
  auto& clients = c.get<server::ClientRegistry>();
  clients.for_each([&](server::Connection& connection) {
    if (connection.client().kind == command::Client::Kind::Replica) ++replicas;
  });
  c.reply().verbatim("txt", introspection::memory_report(overview(c), clients.size() - replicas, replicas));
}

static void purge(Context& c) {
  memory::purge_allocator();
  c.reply().ok();  // where there is nothing to purge, nothing was left undone
}

static void malloc_stats(Context& c) {
  const std::string report = memory::allocator_report();
  if (report.empty()) return c.reply().bulk("Stats not supported for the current allocator");
  c.reply().verbatim("txt", report);
}

static void help(Context& c) {
  static constexpr std::string_view kLines[] = {
      "DOCTOR",
      "    Return memory problems reports.",
      "MALLOC-STATS",
      "    Return internal statistics report from the memory allocator.",
      "PURGE",
      "    Attempt to purge dirty pages for reclamation by the allocator.",
      "STATS",
      "    Return information about the memory usage of the server.",
      "USAGE <key> [SAMPLES <count>]",
      "    Return memory in bytes used by <key> and its value. Nested values are",
      "    sampled up to <count> times (default: 5, 0 means sample all).",
  };
  reply_help(c, kLines);
}

void compose_memory(server::Server& server) {
  using namespace command;
  static constexpr std::string_view kTips[] = {"nondeterministic_output", "request_policy:all_shards",
                                               "response_policy:special"};
  static constexpr std::string_view kPurgeTips[] = {"request_policy:all_shards", "response_policy:all_succeeded"};
  static constexpr CommandRow kRows[] = {
      {"memory", -2},
      {"memory|doctor", 2, 0, {}, 0, doctor, kTips},
      {"memory|help", 2, kLoading | kStale, {}, 0, help},
      {"memory|malloc-stats", 2, 0, {}, 0, malloc_stats, kTips},
      {"memory|purge", 2, 0, {}, 0, purge, kPurgeTips},
      {"memory|stats", 2, 0, {}, 0, stats, kTips},
      {"memory|usage", -3, kReadOnly, kKeys<kKeyRO, 2>, 0, usage},
  };
  server.add_commands(kRows);
  server.add_commands(lolwut_commands());
}

}  // namespace full_server
