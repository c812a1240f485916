// SPDX-License-Identifier: MIT
// CLIENT TRACKING CACHING GETREDIR TRACKINGINFO, invalidation messages.
#include "10-full-server/commands/commands.h"

namespace full_server {

void compose_tracking(server::Server&) {}

}  // namespace full_server
