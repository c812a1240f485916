// SPDX-License-Identifier: MIT
// DUMP, RESTORE, RESTORE-ASKING, MIGRATE.
#include "10-full-server/commands/commands.h"

namespace full_server {

void compose_dump(server::Server&) {}

}  // namespace full_server
