// SPDX-License-Identifier: MIT
// Stage 04: keys that go away by themselves.
#include "03-get-set/commands.h"
#include "04-expiry/commands.h"
#include "shared/server/server.h"

int main(int argc, char** argv) {
  server::Server server("04-expiry");
  get_set::compose(server);
  expiry::compose(server);
  return server.run(argc, argv);
}
