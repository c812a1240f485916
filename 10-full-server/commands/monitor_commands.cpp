// SPDX-License-Identifier: MIT
// MONITOR.
#include "10-full-server/commands/commands.h"

namespace full_server {

void compose_monitor(server::Server&) {}

}  // namespace full_server
