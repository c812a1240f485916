// SPDX-License-Identifier: MIT
// SLOWLOG.
#include "10-full-server/commands/commands.h"

namespace full_server {

void compose_slowlog(server::Server&) {}

}  // namespace full_server
