// SPDX-License-Identifier: MIT
// Stage 08: servers that follow one another.
#include "shared/server/server.h"
#include "03-get-set/commands.h"
#include "04-expiry/commands.h"
#include "05-aof/commands.h"
#include "06-rdb/commands.h"
#include "07-pubsub/commands.h"
#include "08-replication/commands.h"

int main(int argc, char** argv) {
  server::Server server("08-replication");
  get_set::compose(server);
  expiry::compose(server);
  aof::compose(server);
  rdb::compose(server);
  pubsub::compose(server);
  replication::compose(server);
  return server.run(argc, argv);
}
