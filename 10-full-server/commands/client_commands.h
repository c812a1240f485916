// SPDX-License-Identifier: MIT
//
// What the files about CLIENT share.
#pragma once

namespace command {
class Context;
}
namespace server {
class Server;
}

namespace full_server {

// A subcommand that knows no such number of arguments.
void client_syntax_error(command::Context& c);

void compose_client_pause(server::Server& server);

}  // namespace full_server
