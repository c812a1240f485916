// SPDX-License-Identifier: MIT
// Stage 05: what was written is there again after a restart, a crash, a power cut.
#include "shared/server/server.h"
#include "03-get-set/commands.h"
#include "04-expiry/commands.h"
#include "05-aof/commands.h"

int main(int argc, char** argv) {
  server::Server server("05-aof");
  get_set::compose(server);
  expiry::compose(server);
  aof::compose(server);
  return server.run(argc, argv);
}
