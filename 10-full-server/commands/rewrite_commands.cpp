// SPDX-License-Identifier: MIT
// BGREWRITEAOF and what begins a rewrite by itself.
#include "10-full-server/commands/commands.h"
#include "10-full-server/log_rewrite/log_rewrite.h"
#include "shared/command/context.h"
#include "shared/server/server.h"

namespace full_server {

using command::Context;
using log_rewrite::LogRewrite;
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

void compose_rewrite(server::Server& server) {
  server.add_commands(rows());
  auto& rewrite =
      server.own<LogRewrite>(server, server.parts.get<aof::AppendOnly>(), server.parts.get<rdb::SnapshotSaver>());
  server.parts.provide(rewrite);
  auto& settings = rewrite.settings();
  server.parameters.add(server::integer("auto-aof-rewrite-percentage", settings.growth_percentage, 0, INT32_MAX));
  server.parameters.add(server::memory_size("auto-aof-rewrite-min-size", settings.least_size));
  server.parameters.add(server::boolean("aof-use-rdb-preamble", settings.snapshot_base));
  server.parts.get<aof::AppendOnly>().write_bases_with(
      {.begin = [&rewrite] { return rewrite.begin_base(); },
       .cancel = [&rewrite] { rewrite.abandon(); }});
  server.cron.add("log rewrite", 0, [&rewrite] { rewrite.on_tick(); });
  server.add_shutdown_step(
      {.name = "log rewrite",
       .order = server::shutdown_order::kChild,
       .run = [&rewrite](const server::ShutdownRequest& request, std::string& why) {
         return stop(rewrite, request, why);
       }});
}

}  // namespace full_server
