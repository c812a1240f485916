// SPDX-License-Identifier: MIT
//
// The commands that stage 10 brings, by family. A row of the same name replaces an earlier stage's.
#pragma once

#include <span>

#include "shared/command/command_row.h"

namespace full_server {

std::span<const command::CommandRow> string_commands();
std::span<const command::CommandRow> lcs_commands();
std::span<const command::CommandRow> generic_commands();
std::span<const command::CommandRow> scan_commands();
std::span<const command::CommandRow> object_commands();
std::span<const command::CommandRow> connection_commands();
std::span<const command::CommandRow> client_commands();
std::span<const command::CommandRow> command_commands();
std::span<const command::CommandRow> server_commands();
std::span<const command::CommandRow> transaction_commands();

}  // namespace full_server

namespace command {
class Client;
}
namespace server {
class Server;
}

namespace full_server {

// What was queued and watched is forgotten.
void discard_transaction(command::Client& client);

// Everything that this stage adds to a server.
void compose(server::Server& server);

}  // namespace full_server
