// SPDX-License-Identifier: MIT
//
// What stage 09 adds: SHUTDOWN, signals that ask for the same, and the order in which a server
// stops.
#pragma once

#include <span>

#include "shared/command/command_row.h"

namespace server {
class Server;
}

namespace shutdown {

std::span<const command::CommandRow> shutdown_commands();

// Everything that this stage adds to a server that has the stages before it.
void compose(server::Server& server);

}  // namespace shutdown
