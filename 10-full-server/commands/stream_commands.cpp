// SPDX-License-Identifier: MIT
// Streams: XADD … XTRIM, consumer groups.
#include "10-full-server/commands/commands.h"

namespace full_server {

void compose_streams(server::Server&) {}

}  // namespace full_server
