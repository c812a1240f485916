// SPDX-License-Identifier: MIT
// AUTH and requirepass: while a password is asked for, a connection that has not said it yet may do
// nothing but say it (AUTH, HELLO), begin anew or leave, and sends no more than a few short arguments.
#include "07-pubsub/shared_handlers.h"
#include "10-full-server/commands/commands.h"
#include "shared/command/context.h"
#include "shared/command/executor.h"
#include "shared/server/server.h"

namespace full_server {

using command::Context;
using command::Gate;
using pubsub::Credentials;
namespace errors = util::errors;

static void auth(Context& c) {
  for (size_t i = 1; i < c.argc(); ++i) c.redact(i);
  if (c.argc() > 3) return c.fail(errors::kSyntax);
  if (c.argc() == 2 && c.get<Credentials>().password.empty()) {
    return c.reply().error(
        "ERR AUTH <password> called without any password configured for the default user. Are you "
        "sure your configuration is correct?");
  }
  const bool named = c.argc() == 3;
  if (pubsub::authenticate(c, named ? c.arg(1) : "default", c.arg(named ? 2 : 1))) c.reply().ok();
}

// Keeps strangers out while there is a password.
class Door {
 public:
  explicit Door(server::Server& server)
      : server_(server), credentials_(server.parts.get<Credentials>()) {
    gate_.order = Gate::kStranger;
    gate_.concerns = Gate::kEverything;
    gate_.check = [](const command::Client& client, const command::Command& command) {
      const bool may_pass = client.authenticated || (command.row->flags & command::kNoAuth) != 0;
      return may_pass ? std::string_view{} : errors::kNoAuth.text;
    };
    server.executor.add_gate(gate_);
    server.parameters.add(server::text("requirepass", credentials_.password).then([this] {
      lock_or_open();
      return util::Result<>{};
    }));
    server.on_start([this] { lock_or_open(); });
  }

 private:
  // Who is in already stays in.
  void lock_or_open() {
    const bool locked = !credentials_.password.empty();
    server_.frame.strangers_come = gate_.closed = locked;
    server_.executor.gates_changed();
    if (locked) return;
    server_.clients.for_each(
        [](server::Connection& connection) { connection.client().authenticated = true; });
  }

  server::Server& server_;
  Credentials& credentials_;
  Gate gate_;
};

static std::span<const command::CommandRow> authentication_commands() {
  using namespace command;
  constexpr Flags kPlain = kNoScript | kLoading | kStale | kFast | kNoAuth | kAllowBusy;
  static constexpr CommandRow kRows[] = {
      {"auth", -2, kPlain, {}, kAclConnection, auth},
  };
  return kRows;
}

void compose_authentication(server::Server& server) {
  server.add_commands(authentication_commands());
  server.own<Door>(server);
}

}  // namespace full_server
