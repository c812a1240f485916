// SPDX-License-Identifier: MIT
// CLIENT PAUSE, UNPAUSE, UNBLOCK: commands that wait because somebody says so, and no longer.
#include <limits>

#include "10-full-server/commands/client_commands.h"
#include "shared/command/context.h"
#include "shared/server/client_pause.h"
#include "shared/server/client_registry.h"
#include "shared/server/server.h"
#include "shared/util/text.h"

namespace full_server {

using command::Context;
using server::ClientPause;
using server::Pause;

static void pause(Context& c) {
  if (c.argc() > 4) return client_syntax_error(c);
  Pause::What what = Pause::What::Everything;
  if (c.argc() == 4) {
    if (util::equal_ignoring_case(c.arg(3), "write")) {
      what = Pause::What::Writes;
    } else if (!util::equal_ignoring_case(c.arg(3), "all")) {
      return c.reply().error("ERR CLIENT PAUSE mode must be WRITE or ALL");
    }
  }
  command::ArgReader reader = c.reader(2);
  const int64_t ms = reader.integer({"ERR timeout is not an integer or out of range"});
  if (!reader.ok()) return c.fail(reader.error());
  if (ms < 0) return c.reply().error("ERR timeout is negative");
  if (ms > std::numeric_limits<int64_t>::max() - c.now()) {
    return c.reply().error("ERR timeout is out of range");
  }
  if (ms > 0) c.get<ClientPause>().begin(what, c.now() + ms);
  c.reply().ok();
}

static void unpause(Context& c) {
  c.get<ClientPause>().end();
  c.reply().ok();
}

// Whoever waits for a key or an acknowledgement is answered as if its time were over, or with an error. A command that a
// pause keeps waiting is not blocked by its own choice, and goes on waiting.
static void unblock(Context& c) {
  if (c.argc() > 4) return client_syntax_error(c);
  bool with_error = false;
  if (c.argc() == 4) {
    with_error = util::equal_ignoring_case(c.arg(3), "error");
    if (!with_error && !util::equal_ignoring_case(c.arg(3), "timeout")) {
      return c.reply().error("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR");
    }
  }
  command::ArgReader reader = c.reader(2);
  const int64_t id = reader.integer();
  if (!reader.ok()) return c.fail(reader.error());
  auto& server = c.get<server::Server>();
  server::Connection* connection = server.clients.find(static_cast<uint64_t>(id));
  const bool unblocked =
      connection != nullptr && connection->client().blocked &&
      server.blocking.unblock(connection->client(),
                              with_error ? "UNBLOCKED client unblocked via CLIENT UNBLOCK" : "");
  c.reply().integer(unblocked ? 1 : 0);
}

static std::span<const command::CommandRow> client_pause_commands() {
  using namespace command;
  constexpr Flags kOverOthers = kAdmin | kNoScript | kLoading | kStale;
  static constexpr CommandRow kRows[] = {
      {"client|pause", -3, kOverOthers, {}, kAclConnection, pause},
      {"client|unpause", 2, kOverOthers, {}, kAclConnection, unpause},
      {"client|unblock", -3, kOverOthers, {}, kAclConnection, unblock},
  };
  return kRows;
}

void compose_client_pause(server::Server& server) {
  server.parts.provide(server.own<ClientPause>(server.parts.get<Pause>(), server.turn, server.loop,
                                               server.databases.environment().now));
  server.add_commands(client_pause_commands());
}

}  // namespace full_server
