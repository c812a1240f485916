// SPDX-License-Identifier: MIT
// AUTH and RESET: who a connection speaks for, and how it begins anew. There is one user,
// "default", without a password.
#include "03-get-set/shared_handlers.h"
#include "07-pubsub/pubsub.h"
#include "07-pubsub/shared_handlers.h"
#include "10-full-server/commands/commands.h"
#include "shared/command/context.h"

namespace full_server {

using command::Context;
namespace errors = util::errors;

static void auth(Context& c) {
  if (c.argc() > 3) return c.fail(errors::kSyntax);
  if (c.argc() == 2) {
    return c.reply().error(
        "ERR AUTH <password> called without any password configured for the default user. Are you "
        "sure your configuration is correct?");
  }
  if (pubsub::authenticate(c, c.arg(1), c.arg(2))) c.reply().ok();
}

// As after connecting; only the library's name stays.
static void reset(Context& c) {
  command::Client& client = c.client();
  client.db = 0;
  client.no_evict = client.no_touch = false;
  client.reply_mode = command::Client::ReplyMode::On;
  get_set::set_client_name(client, "");
  c.reply().redirect(client.output);  // replies may have been off
  c.reply().set_protocol(2);
  discard_transaction(client);
  pubsub::PubSub::leave_everything(client);
  c.reply().simple("RESET");
}

std::span<const command::CommandRow> connection_commands() {
  using namespace command;
  constexpr Flags kPlain = kNoScript | kLoading | kStale | kFast | kNoAuth | kAllowBusy;
  static constexpr CommandRow kRows[] = {
      {"auth", -2, kPlain, {}, kAclConnection, auth},
      {"reset", 1, kPlain, {}, kAclConnection, reset},
  };
  return kRows;
}

}  // namespace full_server
