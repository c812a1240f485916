// SPDX-License-Identifier: MIT
// HyperLogLog: PFADD PFCOUNT PFMERGE PFDEBUG PFSELFTEST.
#include "10-full-server/commands/commands.h"

namespace full_server {

void compose_hyperloglogs(server::Server&) {}

}  // namespace full_server
