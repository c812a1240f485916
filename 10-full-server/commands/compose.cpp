// SPDX-License-Identifier: MIT
#include "10-full-server/commands/commands.h"
#include "shared/server/server.h"

namespace full_server {

void compose(server::Server& server) {
  server.add_commands(string_commands());
  server.add_commands(lcs_commands());
  server.add_commands(generic_commands());
  server.add_commands(scan_commands());
  server.add_commands(object_commands());
}

}  // namespace full_server
