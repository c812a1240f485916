// SPDX-License-Identifier: MIT
// Stage 10: every stage's commands together, and the rest of what Redis answers.
#include "03-get-set/commands.h"
#include "04-expiry/commands.h"
#include "10-full-server/commands/commands.h"
#include "shared/server/server.h"

int main(int argc, char** argv) {
  server::Server server("10-full-server");
  get_set::compose(server);
  expiry::compose(server);
  full_server::compose(server);
  return server.run(argc, argv);
}
