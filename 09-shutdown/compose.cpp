// SPDX-License-Identifier: MIT
// What stage 09 adds to a server: one command, three parameters, two steps, and the handler that
// runs all steps.
#include "09-shutdown/commands.h"
#include "09-shutdown/shutdown.h"
#include "shared/server/server.h"

namespace shutdown {

void compose(server::Server& server) {
  auto& shutdown = server.own<Shutdown>(server);
  server.parts.provide(shutdown);
  server.parts.provide(shutdown.pause());
  server.add_commands(shutdown_commands());
}

}  // namespace shutdown
