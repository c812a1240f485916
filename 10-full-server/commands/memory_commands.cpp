// SPDX-License-Identifier: MIT
// MEMORY USAGE STATS DOCTOR PURGE MALLOC-STATS.
#include "10-full-server/commands/commands.h"

namespace full_server {

void compose_memory(server::Server&) {}

}  // namespace full_server
