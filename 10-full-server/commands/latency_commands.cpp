// SPDX-License-Identifier: MIT
// LATENCY.
#include "10-full-server/commands/commands.h"

namespace full_server {

void compose_latency(server::Server&) {}

}  // namespace full_server
