// SPDX-License-Identifier: MIT
// Lists: LPUSH … LMPOP and the blocking pops.
#include "10-full-server/commands/commands.h"

namespace full_server {

void compose_lists(server::Server&) {}

}  // namespace full_server
