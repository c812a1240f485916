// SPDX-License-Identifier: MIT
// Geo: GEOADD … GEOSEARCHSTORE.
#include "10-full-server/commands/commands.h"

namespace full_server {

void compose_geo(server::Server&) {}

}  // namespace full_server
