// SPDX-License-Identifier: MIT
// unix sockets, bind, port, protected-mode, timeout, rename-command.
#include "10-full-server/commands/commands.h"

namespace full_server {

void compose_networking(server::Server&) {}

}  // namespace full_server
