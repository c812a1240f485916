// SPDX-License-Identifier: MIT
// notify-keyspace-events.
#include "10-full-server/commands/commands.h"

namespace full_server {

void compose_notifications(server::Server&) {}

}  // namespace full_server
