// SPDX-License-Identifier: MIT
//
// The commands that stage 03 brings, by family. A stage's table is the table of the stage before and these rows.
#pragma once

#include <span>

#include "shared/command/command_row.h"

namespace get_set {

std::span<const command::CommandRow> string_commands();
std::span<const command::CommandRow> number_commands();
std::span<const command::CommandRow> key_commands();
std::span<const command::CommandRow> connection_commands();
std::span<const command::CommandRow> client_commands();
std::span<const command::CommandRow> command_commands();
std::span<const command::CommandRow> server_commands();

}  // namespace get_set

namespace server {
class Server;
}

namespace get_set {

// Everything that this stage adds to a server.
void compose(server::Server& server);

}  // namespace get_set
