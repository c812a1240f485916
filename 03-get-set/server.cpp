// SPDX-License-Identifier: MIT
// Stage 03: keys and values in memory.
#include "03-get-set/commands.h"
#include "shared/server/server.h"

int main(int argc, char** argv) {
  server::Server server("03-get-set");
  get_set::compose(server);
  return server.run(argc, argv);
}
