// SPDX-License-Identifier: MIT
//
// What stage 05 adds to a server: no command, but a log of what commands change, its parameters and
// its INFO fields. Other parts find AppendOnly among the server's parts.
#pragma once

namespace server {
class Server;
}

namespace aof {

// Everything that this stage adds to a server that has stages 03 and 04.
void compose(server::Server& server);

}  // namespace aof
