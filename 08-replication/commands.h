// SPDX-License-Identifier: MIT
//
// What stage 08 adds: a server that others follow, and that follows another.
#pragma once

#include <span>

#include "shared/command/command_row.h"

namespace server {
class Server;
}

namespace replication {

std::span<const command::CommandRow> role_commands();  // REPLICAOF, SLAVEOF, ROLE, WAIT
std::span<const command::CommandRow>
sync_commands();  // PSYNC, SYNC, REPLCONF: what servers say to each other

// Everything that this stage adds to a server that has the stages before it.
void compose(server::Server& server);

}  // namespace replication
