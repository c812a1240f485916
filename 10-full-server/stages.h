// SPDX-License-Identifier: MIT
//
// What the full server is made of, in order: a later stage's row replaces an earlier one's.
#pragma once

#include "03-get-set/commands.h"
#include "04-expiry/commands.h"
#include "05-aof/commands.h"
#include "06-rdb/commands.h"
#include "07-pubsub/commands.h"
#include "08-replication/commands.h"
#include "09-shutdown/commands.h"
#include "10-full-server/commands/commands.h"
#include "shared/server/server.h"

namespace full_server {

inline void compose_stages(server::Server& server) {
  compose_files(server);
  get_set::compose(server);
  expiry::compose(server);
  aof::compose(server);
  rdb::compose(server, 11);
  pubsub::compose(server);
  replication::compose(server);
  shutdown::compose(server);
  compose(server);
}

}  // namespace full_server
