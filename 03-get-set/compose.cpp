// SPDX-License-Identifier: MIT
// What stage 03 adds to a server: the families of commands.
#include "03-get-set/commands.h"
#include "shared/server/server.h"

namespace get_set {

void compose(server::Server& server) {
  server.add_commands(connection_commands());
  server.add_commands(client_commands());
  server.add_commands(command_commands());
  server.add_commands(server_commands());
  server.add_commands(string_commands());
  server.add_commands(number_commands());
  server.add_commands(key_commands());
}

}  // namespace get_set
