// SPDX-License-Identifier: MIT
// SORT, SORT_RO.
#include "10-full-server/commands/commands.h"

namespace full_server {

void compose_sort(server::Server&) {}

}  // namespace full_server
