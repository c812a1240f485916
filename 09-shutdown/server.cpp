// SPDX-License-Identifier: MIT
// Stage 09: a server that stops in order.
#include "shared/server/server.h"
#include "03-get-set/commands.h"
#include "04-expiry/commands.h"
#include "05-aof/commands.h"
#include "06-rdb/commands.h"
#include "07-pubsub/commands.h"
#include "08-replication/commands.h"
#include "09-shutdown/commands.h"

int main(int argc, char** argv) {
  server::Server server("09-shutdown");
  get_set::compose(server);
  expiry::compose(server);
  aof::compose(server);
  rdb::compose(server);
  pubsub::compose(server);
  replication::compose(server);
  shutdown::compose(server);
  return server.run(argc, argv);
}
