// SPDX-License-Identifier: MIT
//
// What stage 07 adds: messages to whoever listens, limits for those who do not keep up, and RESP3.
#pragma once

#include <span>

#include "shared/command/command_row.h"

namespace server {
class Server;
}

namespace pubsub {

std::span<const command::CommandRow> pubsub_commands();      // SUBSCRIBE … PUBLISH, PUBSUB
std::span<const command::CommandRow> connection_commands();  // HELLO; PING of a subscriber

// Everything that this stage adds to a server that has stage 03.
void compose(server::Server& server);

}  // namespace pubsub
