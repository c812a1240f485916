// SPDX-License-Identifier: MIT
//
// What stage 06 adds: a picture of the data set in a file, taken on demand, by a child process or
// when a save point is reached, and read at start-up. Other parts find SnapshotSaver,
// SnapshotLoader and CodecTable among the server's parts.
#pragma once

#include <span>

#include "shared/command/command_row.h"

namespace server {
class Server;
}

namespace rdb {

std::span<const command::CommandRow> snapshot_commands();  // SAVE BGSAVE LASTSAVE LOAD

// Everything that this stage adds to a server that has the stages before it. `version` is the
// default of the parameter rdb-version: what every Redis since 7.0 reads, unless there is a reason
// for a newer one.
void compose(server::Server& server, int version = 10);

}  // namespace rdb
