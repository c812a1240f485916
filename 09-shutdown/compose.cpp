// SPDX-License-Identifier: MIT
#include "09-shutdown/commands.h"
#include "09-shutdown/shutdown.h"
#include "shared/server/server.h"

namespace shutdown {

void compose(server::Server& server) {
  auto& shutdown = server.own<Shutdown>(server);
  server.parts.provide(shutdown);
  server.add_commands(shutdown_commands());
}

}  // namespace shutdown
