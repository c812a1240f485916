// SPDX-License-Identifier: MIT
// lazyfree-*, UNLINK and FLUSHALL ASYNC in the background.
#include "10-full-server/commands/commands.h"

namespace full_server {

void compose_lazy_free(server::Server&) {}

}  // namespace full_server
