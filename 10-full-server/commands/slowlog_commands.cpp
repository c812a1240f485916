// SPDX-License-Identifier: MIT
// SLOWLOG GET, LEN, RESET, HELP.
#include <climits>

#include "10-full-server/commands/commands.h"
#include "10-full-server/commands/help_reply.h"
#include "10-full-server/introspection/slow_log.h"
#include "shared/command/context.h"
#include "shared/server/server.h"
#include "shared/util/numbers.h"

namespace full_server {

using command::Context;
using introspection::SlowLog;
using introspection::SlowLogEntry;

static void reply_entry(resp::ReplyWriter& reply, const SlowLogEntry& entry) {
  reply.array(6);
  reply.integer(entry.id);
  reply.integer(entry.time);
  reply.integer(entry.microseconds);
  reply.array(entry.arguments.size());
  for (const std::string& argument : entry.arguments) reply.bulk(argument);
  reply.bulk(entry.peer);
  reply.bulk(entry.client_name);
}

// SLOWLOG GET [count]; -1 means all.
static void get(Context& c) {
  constexpr int64_t kDefault = 10;
  if (c.argc() > 3) return c.reply().error("ERR unknown subcommand or wrong number of arguments for 'GET'. Try SLOWLOG HELP.");
  int64_t wanted = kDefault;
  if (c.argc() == 3) {
    const auto number = util::parse_int64(c.arg(2));
    if (!number || *number < -1) return c.reply().error("ERR count should be greater than or equal to -1");
    wanted = *number;
  }
  const auto& entries = c.get<SlowLog>().entries();
  const size_t count = wanted < 0 ? entries.size() : std::min(entries.size(), static_cast<size_t>(wanted));
  c.reply().array(count);
  for (size_t i = 0; i < count; ++i) reply_entry(c.reply(), entries[i]);
}

static void len(Context& c) { c.reply().integer(static_cast<int64_t>(c.get<SlowLog>().entries().size())); }

static void reset(Context& c) {
  c.get<SlowLog>().clear();
  c.reply().ok();
}

static void help(Context& c) {
  static constexpr std::string_view kLines[] = {
      "GET [<count>]",
      "    Return top <count> entries from the slowlog (default: 10, -1 mean all).",
      "    Entries are made of:",
      "    id, timestamp, time in microseconds, arguments array, client IP and port,",
      "    client name",
      "LEN",
      "    Return the length of the slowlog.",
      "RESET",
      "    Reset the slowlog.",
  };
  reply_help(c, kLines);
}

static std::span<const command::CommandRow> slowlog_commands() {
  using namespace command;
  constexpr Flags kPlain = kAdmin | kLoading | kStale;
  static constexpr std::string_view kGetTips[] = {"request_policy:all_nodes", "nondeterministic_output"};
  static constexpr std::string_view kLenTips[] = {"request_policy:all_nodes", "response_policy:agg_sum",
                                                  "nondeterministic_output"};
  static constexpr std::string_view kResetTips[] = {"request_policy:all_nodes", "response_policy:all_succeeded"};
  static constexpr CommandRow kRows[] = {
      {"slowlog", -2},
      {"slowlog|get", -2, kPlain, {}, 0, get, kGetTips},
      {"slowlog|len", 2, kPlain, {}, 0, len, kLenTips},
      {"slowlog|reset", 2, kPlain, {}, 0, reset, kResetTips},
      {"slowlog|help", 2, kLoading | kStale, {}, 0, help},
  };
  return kRows;
}

void compose_slowlog(server::Server& server) {
  server.add_commands(slowlog_commands());
  auto& log = server.own<SlowLog>(server.clock);
  server.parts.provide(log);
  const auto listen = [&server, &log]() -> util::Result<> {
    server.executor.observe(log, log.from_ticks());
    return {};
  };
  server.parameters.add(server::integer("slowlog-log-slower-than", log.slower_than, -1, LLONG_MAX).then(listen));
  server.parameters.add(server::integer("slowlog-max-len", log.longest, 0, LONG_MAX));
  server.on_start([listen] { (void)listen(); });
}

}  // namespace full_server
