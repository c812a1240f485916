// SPDX-License-Identifier: MIT
//
// What stage 04 adds: deadlines on keys, commands that set them, and the sweep that frees what nobody asks for any more.
#pragma once

#include <span>

#include "shared/command/command_row.h"

namespace server {
class Server;
}

namespace expiry {

std::span<const command::CommandRow> expire_commands();  // EXPIRE … PERSIST
std::span<const command::CommandRow> string_commands();  // SET with its options, SETEX, PSETEX, GETEX

// Everything that this stage adds to a server that has stage 03.
void compose(server::Server& server);

}  // namespace expiry
