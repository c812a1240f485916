// SPDX-License-Identifier: MIT
// AUTH, requirepass.
#include "10-full-server/commands/commands.h"

namespace full_server {

void compose_authentication(server::Server&) {}

}  // namespace full_server
