// SPDX-License-Identifier: MIT
// Everything that stage 10 adds to a server, family by family.
#include "10-full-server/commands/commands.h"
#include "10-full-server/introspection/info_sections.h"
#include "10-full-server/transactions/watched_keys.h"
#include "shared/command/key_waits.h"
#include "shared/server/server.h"

namespace full_server {

void compose(server::Server& server) {
  server.add_commands(string_commands());
  server.add_commands(lcs_commands());
  server.add_commands(generic_commands());
  server.add_commands(scan_commands());
  server.add_commands(object_commands());
  server.add_commands(connection_commands());
  server.add_commands(client_commands());
  server.add_commands(command_commands());
  server.add_commands(server_commands());
  server.add_commands(transaction_commands());
  auto& watched = server.own<transactions::WatchedKeys>(server.databases);
  server.executor.changes().listen(watched);
  server.parts.provide(watched);
  auto& waits = server.own<command::KeyWaits>(server.blocking, server.databases);
  server.executor.changes().listen(waits);
  server.parts.provide(waits);
  server.info.extend("clients", [&waits](server::InfoWriter& out) {
    out.field("total_blocking_keys", waits.size());
    out.field("total_blocking_keys_on_nokey", waits.size_with_missing());
  });
  compose_lists(server);
  compose_hashes(server);
  compose_sets(server);
  compose_sorted_sets(server);
  compose_streams(server);
  compose_bitmaps(server);
  compose_hyperloglogs(server);
  compose_geo(server);
  compose_sort(server);
  compose_dump(server);
  compose_sharded_pubsub(server);
  compose_notifications(server);
  compose_tracking(server);
  compose_authentication(server);
  compose_monitor(server);
  compose_slowlog(server);
  compose_latency(server);
  compose_memory(server);
  compose_debug(server);
  compose_eviction(server);
  compose_lazy_free(server);
  compose_networking(server);
  compose_rewrite(server);
  compose_durability(server);
  compose_parameters(server);
  introspection::add_info_sections(server);
}

}  // namespace full_server
