// SPDX-License-Identifier: MIT
// Hashes: HSET … HSCAN.
#include "10-full-server/commands/commands.h"

namespace full_server {

void compose_hashes(server::Server&) {}

}  // namespace full_server
