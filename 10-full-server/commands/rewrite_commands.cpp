// SPDX-License-Identifier: MIT
// BGREWRITEAOF and what begins a rewrite by itself.
#include "10-full-server/commands/commands.h"
#include "10-full-server/log_rewrite/log_rewrite.h"
#include "shared/command/context.h"
#include "shared/server/server.h"

namespace full_server {

using command::Context;
using log_rewrite::LogRewrite;
using log_rewrite::LogTimestamps;
using server::ShutdownStep;

// Within a transaction the log must first get what the transaction does.
static void bgrewriteaof(Context& c) {
  auto& rewrite = c.get<LogRewrite>();
  if (rewrite.running()) return c.reply().error("ERR Background append only file rewriting already in progress");
  if (c.get<server::Server>().child.running() || !c.client().may_block) {
    rewrite.schedule();
    return c.reply().simple("Background append only file rewriting scheduled");
  }
  if (!rewrite.start()) {
    return c.reply().error("ERR Can't execute an AOF background rewriting. Please check the server logs for more information.");
  }
  c.reply().simple("Background append only file rewriting started");
}

// A log without its base keeps nothing yet: whoever relies on it is told.
static ShutdownStep::Outcome stop(LogRewrite& rewrite, const server::ShutdownRequest& request,
                                  std::string& why) {
  if (rewrite.running() && rewrite.writes_first_base() && !request.force) {
    why = "Writing initial AOF, can't exit";
    return ShutdownStep::Outcome::Refused;
  }
  rewrite.cancel();
  return ShutdownStep::Outcome::Done;
}

static std::span<const command::CommandRow> rows() {
  using namespace command;
  static constexpr CommandRow kRows[] = {{"bgrewriteaof", 1, kAdmin | kNoScript | kNoAsyncLoading, {}, 0, bgrewriteaof}};
  return kRows;
}

static LogTimestamps& compose_timestamps(server::Server& server, aof::AppendLog& log) {
  auto& timestamps = server.own<LogTimestamps>(log, server.clock);
  server.parameters.add(server::boolean("aof-timestamp-enabled", timestamps.enabled())
                            .then([&timestamps]() -> util::Result<> {
                              timestamps.update();
                              return {};
                            }));
  server.on_start([&timestamps] { timestamps.update(); });
  return timestamps;
}

void compose_rewrite(server::Server& server) {
  server.add_commands(rows());
  auto& log = server.parts.get<aof::AppendOnly>();
  auto& timestamps = compose_timestamps(server, log.log());
  auto& rewrite = server.own<LogRewrite>(server, log, server.parts.get<rdb::SnapshotSaver>(), timestamps);
  server.parts.provide(rewrite);
  auto& settings = rewrite.settings();
  server.parameters.add(server::integer("auto-aof-rewrite-percentage", settings.growth_percentage, 0, INT32_MAX));
  server.parameters.add(server::memory_size("auto-aof-rewrite-min-size", settings.least_size));
  server.parameters.add(server::boolean("aof-use-rdb-preamble", settings.snapshot_base));
  server.parameters.add(server::boolean("aof-disable-auto-gc", settings.keep_history)
                            .concealed()
                            .then([&log, &settings]() -> util::Result<> {
                              if (!settings.keep_history) (void)log.drop_history();
                              return {};
                            }));
  log.write_bases_with({.begin = [&rewrite] { return rewrite.begin_base(); },
                        .cancel = [&rewrite] { rewrite.abandon(); },
                        .first = [&rewrite] { return rewrite.write_first_base(); },
                        .keeps_history = [&settings] { return settings.keep_history; }});
  server.cron.add("log rewrite", 0, [&rewrite] { rewrite.on_tick(); });
  server.add_shutdown_step(
      {.name = "log rewrite",
       .order = server::shutdown_order::kChild,
       .run = [&rewrite](const server::ShutdownRequest& request, std::string& why) {
         return stop(rewrite, request, why);
       }});
}

}  // namespace full_server
