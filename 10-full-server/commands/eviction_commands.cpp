// SPDX-License-Identifier: MIT
// maxmemory and its policies, maxmemory-clients, OBJECT FREQ.
#include "10-full-server/commands/commands.h"

namespace full_server {

void compose_eviction(server::Server&) {}

}  // namespace full_server
