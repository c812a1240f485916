// SPDX-License-Identifier: MIT
// PING, ECHO, QUIT: stage 02's commands, now rows of a table.
#include "03-get-set/commands.h"
#include "shared/command/context.h"
#include "shared/resp/request_errors.h"

namespace get_set {

using command::Context;

static void ping(Context& c) {
  if (c.argc() > 2) return c.reply().error(resp::wrong_arity("ping"));
  if (c.argc() == 2) return c.reply().bulk(c.arg(1));
  c.reply().simple("PONG");
}

static void echo(Context& c) { c.reply().bulk(c.arg(1)); }

static void quit(Context& c) {
  c.reply().ok();
  c.client().close_after_reply = true;
}

std::span<const command::CommandRow> connection_commands() {
  using namespace command;
  static constexpr std::string_view kPingTips[] = {"request_policy:all_shards", "response_policy:all_succeeded"};
  static constexpr CommandRow kRows[] = {
      {"ping", -1, kFast, {}, kAclConnection, ping, kPingTips},
      {"echo", 2, kLoading | kStale | kFast, {}, kAclConnection, echo},
      {"quit", -1, kNoScript | kLoading | kStale | kFast | kNoAuth | kAllowBusy, {}, kAclConnection, quit},
  };
  return kRows;
}

}  // namespace get_set
