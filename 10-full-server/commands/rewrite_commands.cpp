// SPDX-License-Identifier: MIT
// BGREWRITEAOF, auto-aof-rewrite-*, WAITAOF.
#include "10-full-server/commands/commands.h"

namespace full_server {

void compose_rewrite(server::Server&) {}

}  // namespace full_server
