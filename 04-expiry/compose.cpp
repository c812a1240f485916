// SPDX-License-Identifier: MIT
// What stage 04 adds to a server that has stage 03: two families of commands and a periodic job.
#include "04-expiry/commands.h"
#include "04-expiry/expiry_sweep.h"
#include "shared/server/server.h"

namespace expiry {

void compose(server::Server& server) {
  server.add_commands(expire_commands());
  server.add_commands(string_commands());
  auto& sweep = server.own<ExpirySweep>(server.databases, server.clock);
  server.parts.provide(sweep);
  server.cron.add("expiry sweep", 0, [&server, &sweep] {
    // A quarter of the time between two ticks at most: memory is right soon, and requests hardly notice.
    if (sweep.enabled()) sweep.run(1'000'000 / server.settings.hz / 4);
  });
}

}  // namespace expiry
