// SPDX-License-Identifier: MIT
// Stage 10: every stage's commands together, and the rest of what Redis answers.
#include "10-full-server/stages.h"

int main(int argc, char** argv) {
  server::Server server("10-full-server");
  full_server::compose_stages(server);
  full_server::report_crashes(server);
  return server.run(argc, argv);
}
