// SPDX-License-Identifier: MIT
// Sorted sets: ZADD … ZSCAN and the blocking pops.
#include "10-full-server/commands/commands.h"

namespace full_server {

void compose_sorted_sets(server::Server&) {}

}  // namespace full_server
