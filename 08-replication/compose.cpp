// SPDX-License-Identifier: MIT
// What stage 08 adds to a server: both roles, their commands and parameters, their place in the
// turn and in the shutdown.
#include "07-pubsub/output_limits.h"
#include "08-replication/commands.h"
#include "08-replication/replication.h"
#include "shared/server/server.h"

namespace replication {

using server::InfoWriter;
using server::Server;

static void add_jobs(Server& server, Replication& replication) {
  server.on_start([&replication] {
    replication.replica().start();
    replication.update_gates();
  });
  server.turn.add_step([&replication] { replication.master().end_of_turn(); });
  server.turn.add_cleanup([&replication] { replication.master().after_replies(); });
  server.cron.add("link to the master", 0, [&replication] { replication.replica().on_tick(); });
  server.cron.add("replication", 1000, [&replication] {
    replication.master().every_second();
    replication.replica().every_second();
  });
}

void compose(Server& server) {
  auto& replication = server.own<Replication>(server);
  server.parts.provide(replication);
  server.add_commands(role_commands());
  server.add_commands(sync_commands());
  add_parameters(server, replication);
  add_jobs(server, replication);
  if (auto* limits = server.parts.find<pubsub::OutputLimits>())
    limits->grant_replicas(replication.settings().backlog_size);
  server.info.add({"replication", "Replication", true,
                   [&replication](InfoWriter& out) { replication.write_info(out); }});
  server.info.extend("stats",
                     [&replication](InfoWriter& out) { replication.write_statistics(out); });
  server.on_reset([&replication] { replication.reset_statistics(); });
  server.add_shutdown_step(
      {.name = "replicas",
       .order = server::shutdown_order::kReplicas,
       .run = [&replication](const server::ShutdownRequest& request,
                             std::string&) { return replication.catch_up(request); },
       .undo = [&replication] { replication.stop_waiting(); }});
}

}  // namespace replication
