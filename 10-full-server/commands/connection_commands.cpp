// SPDX-License-Identifier: MIT
// RESET: how a connection begins anew.
#include "03-get-set/shared_handlers.h"
#include "07-pubsub/pubsub.h"
#include "07-pubsub/shared_handlers.h"
#include "10-full-server/commands/commands.h"
#include "10-full-server/introspection/monitors.h"
#include "10-full-server/tracking/tracking.h"
#include "shared/command/context.h"

namespace full_server {

using command::Context;

// As after connecting; only the library's name stays.
static void reset(Context& c) {
  command::Client& client = c.client();
  client.db = 0;
  client.authenticated = c.get<pubsub::Credentials>().password.empty();
  client.no_evict = client.no_touch = false;
  client.reply_mode = command::Client::ReplyMode::On;
  get_set::set_client_name(client, "");
  c.reply().redirect(client.output);  // replies may have been off
  c.reply().set_protocol(2);
  discard_transaction(client);
  tracking::Tracking::turn_off(client);
  introspection::Monitors::remove(client);
  pubsub::PubSub::leave_everything(client);
  c.reply().simple("RESET");
}

std::span<const command::CommandRow> connection_commands() {
  using namespace command;
  constexpr Flags kPlain = kNoScript | kLoading | kStale | kFast | kNoAuth | kAllowBusy;
  static constexpr CommandRow kRows[] = {
      {"reset", 1, kPlain, {}, kAclConnection, reset},
  };
  return kRows;
}

}  // namespace full_server
