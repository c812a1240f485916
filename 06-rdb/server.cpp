// SPDX-License-Identifier: MIT
// Stage 06: a picture of the data set in a file.
#include "shared/server/server.h"
#include "03-get-set/commands.h"
#include "04-expiry/commands.h"
#include "05-aof/commands.h"
#include "06-rdb/commands.h"

int main(int argc, char** argv) {
  server::Server server("06-rdb");
  get_set::compose(server);
  expiry::compose(server);
  aof::compose(server);
  rdb::compose(server);
  return server.run(argc, argv);
}
