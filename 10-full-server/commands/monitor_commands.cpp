// SPDX-License-Identifier: MIT
// MONITOR.
#include "10-full-server/commands/commands.h"
#include "10-full-server/introspection/monitors.h"
#include "shared/command/context.h"
#include "shared/server/server.h"

namespace full_server {

using command::Context;

static void monitor(Context& c) {
  if (!c.client().may_block) return c.reply().error("ERR MONITOR isn't allowed for DENY BLOCKING client");
  // Asked a second time it says nothing, as Redis does.
  if (c.get<introspection::Monitors>().add(c.client())) c.reply().ok();
}

void compose_monitor(server::Server& server) {
  using namespace command;
  static constexpr CommandRow kRows[] = {
      {"monitor", 1, kAdmin | kNoScript | kLoading | kStale, {}, 0, monitor},
  };
  server.add_commands(kRows);
  server.parts.provide(
      server.own<introspection::Monitors>(server.executor, [&server] { return server.loading.active(); }));
}

}  // namespace full_server
