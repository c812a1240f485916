// SPDX-License-Identifier: MIT
//
// What the two families about memory share: one limits the keys, the other the clients.
#pragma once

#include <functional>

#include "10-full-server/eviction/limits.h"

namespace server {
class Server;
}

namespace full_server {

// Adds maxmemory-clients. The result is to be called when maxmemory has changed, and at the start.
std::function<void()> compose_client_eviction(server::Server& server, const eviction::Limits& limits);

}  // namespace full_server
