// SPDX-License-Identifier: MIT
// Bitmaps: SETBIT GETBIT BITCOUNT BITPOS BITOP BITFIELD BITFIELD_RO.
#include "10-full-server/commands/commands.h"

namespace full_server {

void compose_bitmaps(server::Server&) {}

}  // namespace full_server
