// SPDX-License-Identifier: MIT
// What stage 05 adds to a server that has stages 03 and 04: the log, where in a turn it is written,
// and what INFO says of it.
#include "05-aof/append_only.h"
#include "05-aof/commands.h"
#include "shared/server/server.h"

namespace aof {

using server::ShutdownStep;

// What was acknowledged is on the disk before the process goes, whatever the policy.
static ShutdownStep::Outcome finish(const server::Server& server, AppendLog& log, std::string& why) {
  if (log.is_open()) server.log.notice("Calling fsync() on the AOF file.");
  const auto finished = log.finish();
  if (finished) return ShutdownStep::Outcome::Done;
  why = "Error writing the append-only file: " + finished.error();
  return ShutdownStep::Outcome::Refused;
}

void compose(server::Server& server) {
  auto& append_only = server.own<AppendOnly>(server);
  append_only.rewriters().add(keyspace::TypeId::String, rewrite_string);
  server.parts.provide(append_only);
  server.on_start([&append_only] { append_only.start(); });
  server.turn.add_step([&log = append_only.log()] { log.end_turn(); });
  server.cron.add("append-only file", 0, [&log = append_only.log()] { log.tick(); });
  server.add_shutdown_step(
      {.name = "append-only file",
       .order = server::shutdown_order::kLog,
       .run = [&server, &log = append_only.log()](const server::ShutdownRequest&, std::string& why) {
         return finish(server, log, why);
       }});
  server.info.extend("persistence",
                     [&append_only](server::InfoWriter& out) { append_only.write_info(out); });
}

}  // namespace aof
