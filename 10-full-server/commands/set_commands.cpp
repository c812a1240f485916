// SPDX-License-Identifier: MIT
// Sets: SADD … SSCAN.
#include "10-full-server/commands/commands.h"

namespace full_server {

void compose_sets(server::Server&) {}

}  // namespace full_server
