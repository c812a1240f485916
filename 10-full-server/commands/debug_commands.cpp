// SPDX-License-Identifier: MIT
// DEBUG.
#include "10-full-server/commands/commands.h"

namespace full_server {

void compose_debug(server::Server&) {}

}  // namespace full_server
