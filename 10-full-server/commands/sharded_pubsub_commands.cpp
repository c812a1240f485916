// SPDX-License-Identifier: MIT
// SSUBSCRIBE SUNSUBSCRIBE SPUBLISH, PUBSUB SHARDCHANNELS SHARDNUMSUB.
#include "10-full-server/commands/commands.h"

namespace full_server {

void compose_sharded_pubsub(server::Server&) {}

}  // namespace full_server
