// SPDX-License-Identifier: MIT
// TIME, CONFIG REWRITE and HELP.

#include "10-full-server/commands/commands.h"
#include "10-full-server/commands/help_reply.h"
#include "shared/command/context.h"
#include "shared/server/config_file.h"
#include "shared/server/server.h"

namespace full_server {

using command::Context;

static void time(Context& c) {
  const int64_t now = c.get<server::Server>().clock.wall_us();
  c.reply().array(2);
  c.reply().bulk_integer(now / 1'000'000);
  c.reply().bulk_integer(now % 1'000'000);
}

static void config_rewrite(Context& c) {
  auto& server = c.get<server::Server>();
  if (server.settings.config_path.empty()) {
    return c.reply().error("ERR The server is running without a config file");
  }
  const auto written =
      server::rewrite_configuration(server.settings.config_path, server.parameters);
  if (!written) {
    server.log.warning("CONFIG REWRITE failed: " + written.error());
    return c.reply().error("ERR Rewriting config file: " + written.error());
  }
  server.log.notice("CONFIG REWRITE executed with success.");
  c.reply().ok();
}

static void config_help(Context& c) {
  static constexpr std::string_view kLines[] = {
      "GET <pattern>",
      "    Return parameters matching the glob-like <pattern> and their values.",
      "SET <directive> <value>",
      "    Set the configuration <directive> to <value>.",
      "RESETSTAT",
      "    Reset statistics reported by the INFO command.",
      "REWRITE",
      "    Rewrite the configuration file.",
  };
  reply_help(c, kLines);
}

std::span<const command::CommandRow> server_commands() {
  using namespace command;
  static constexpr std::string_view kTimeTips[] = {"nondeterministic_output"};
  static constexpr std::string_view kAllNodes[] = {"request_policy:all_nodes",
                                                   "response_policy:all_succeeded"};
  static constexpr CommandRow kRows[] = {
      {"time", 1, kLoading | kStale | kFast, {}, 0, time, kTimeTips},
      {"config|rewrite",
       2,
       kAdmin | kNoScript | kLoading | kStale,
       {},
       0,
       config_rewrite,
       kAllNodes},
      {"config|help", 2, kLoading | kStale, {}, 0, config_help},
  };
  return kRows;
}

}  // namespace full_server
