// SPDX-License-Identifier: MIT
// Everything that stage 10 adds to a server, family by family.
#include "04-expiry/expiry_sweep.h"
#include "10-full-server/commands/commands.h"
#include "10-full-server/introspection/info_sections.h"
#include "10-full-server/replica_expiry/own_deadlines.h"
#include "10-full-server/transactions/watched_keys.h"
#include "shared/command/key_waits.h"
#include "shared/server/server.h"

namespace full_server {

// Rows alone.
static std::span<const command::CommandRow> (*const kPlainFamilies[])() = {
    string_commands,     lcs_commands,    generic_commands, scan_commands,   object_commands,
    connection_commands, client_commands, command_commands, server_commands, transaction_commands,
};

// Rows and what they stand on. In this order: who needs another's part comes behind it.
static void (*const kFamilies[])(server::Server& server) = {
    compose_lists,      compose_hashes,         compose_sets,           compose_sorted_sets,
    compose_streams,    compose_bitmaps,        compose_hyperloglogs,   compose_geo,
    compose_sort,       compose_dump,           compose_sharded_pubsub, compose_notifications,
    compose_tracking,   compose_authentication, compose_monitor,        compose_slowlog,
    compose_latency,    compose_memory,         compose_debug,          compose_eviction,
    compose_lazy_free,  compose_networking,     compose_rewrite,        compose_durability, compose_replication,
    compose_crash_report, compose_parameters,
};

static void add_watches(server::Server& server) {
  auto& watched = server.own<transactions::WatchedKeys>(server.databases);
  server.executor.changes().listen(watched);
  server.parts.provide(watched);
}

static void add_waits(server::Server& server) {
  auto& waits = server.own<command::KeyWaits>(server.blocking, server.databases);
  server.executor.changes().listen(waits);
  server.parts.provide(waits);
  server.info.extend("clients", [&waits](server::InfoWriter& out) {
    out.field("total_blocking_keys", waits.size());
    out.field("total_blocking_keys_on_nokey", waits.size_with_missing());
  });
}

// Looked at in one tick: more would hold up requests.
constexpr size_t kOwnDeadlinesAtOnce = 1000;

static void add_replica_expiry(server::Server& server) {
  auto& own = server.own<replica_expiry::OwnDeadlines>(server.databases);
  server.executor.changes().listen(own);
  server.info.extend("stats", [&own](server::InfoWriter& out) {
    out.field("slave_expires_tracked_keys", own.size());
  });
  auto& sweep = server.parts.get<expiry::ExpirySweep>();
  server.cron.add("keys of a replica's own clients", 0, [&own, &sweep] {
    if (sweep.enabled()) own.run(kOwnDeadlinesAtOnce);
  });
}

void compose(server::Server& server) {
  for (const auto rows : kPlainFamilies) server.add_commands(rows());
  add_watches(server);
  add_waits(server);
  add_replica_expiry(server);
  for (const auto compose_family : kFamilies) compose_family(server);
  introspection::add_info_sections(server);
}

}  // namespace full_server
