// SPDX-License-Identifier: MIT
// SAVE, BGSAVE, LASTSAVE, LOAD.
#include <fmt/format.h>

#include "06-rdb/commands.h"
#include "06-rdb/snapshot_loader.h"
#include "06-rdb/snapshot_saver.h"
#include "shared/command/context.h"
#include "shared/server/server.h"
#include "shared/util/text.h"

namespace rdb {

using command::Context;

namespace {

constexpr std::string_view kRunning = "ERR Background save already in progress";
constexpr std::string_view kOtherChild =
    "ERR Another child process is active (AOF?): can't BGSAVE right now. Use BGSAVE SCHEDULE in "
    "order to schedule a BGSAVE "
    "whenever possible.";
constexpr std::string_view kFailed = "ERR";  // the log says why

void save(Context& c) {
  auto& saver = c.get<SnapshotSaver>();
  if (saver.saving_in_background()) return c.reply().error(kRunning);
  if (!saver.save()) return c.reply().error(kFailed);
  c.reply().ok();
}

void bgsave(Context& c) {
  const bool may_wait = c.argc() == 2 && util::equal_ignoring_case(c.arg(1), "schedule");
  if (c.argc() > 1 && !may_wait) return c.fail(util::errors::kSyntax);
  auto& saver = c.get<SnapshotSaver>();
  if (saver.saving_in_background()) return c.reply().error(kRunning);
  if (c.get<server::Server>().child.running()) {
    if (!may_wait) return c.reply().error(kOtherChild);
    saver.schedule();
    return c.reply().simple("Background saving scheduled");
  }
  if (!saver.save_in_background()) return c.reply().error(kFailed);
  c.reply().simple("Background saving started");
}

void lastsave(Context& c) {
  c.reply().integer(c.get<SnapshotSaver>().statistics().last_save / 1000);
}

std::vector<int64_t> sizes_of(keyspace::Databases& databases) {
  std::vector<int64_t> sizes;
  for (int i = 0; i < databases.count(); ++i)
    sizes.push_back(static_cast<int64_t>(databases[i].size()));
  return sizes;
}

// The workshop's own: the data set becomes what the dump file holds. A damaged file changes
// nothing. Not with a log, which would know nothing of it.
void load(Context& c) {
  auto& server = c.get<server::Server>();
  auto& saver = c.get<SnapshotSaver>();
  c.propagate().nothing();
  if (const auto* log = server.parameters.find("appendonly");
      log != nullptr && log->get() == "yes") {
    return c.reply().error(
        "ERR LOAD is not possible with an append-only file, which would not know of it");
  }
  const std::vector<int64_t> sizes = sizes_of(server.databases);
  util::Result<> result;
  c.get<SnapshotLoader>().start(saver.settings().file, {.checksum = saver.settings().checksum},
                                [&result](util::Result<> outcome) { result = std::move(outcome); });
  server.loading.finish();
  if (!result)
    return c.reply().error(fmt::format("ERR {}: {}", saver.settings().file, result.error()));
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] > 0) server.executor.changes().on_flush(static_cast<int>(i), sizes[i]);
  }
  saver.mark_saved(server.executor.changes().changes());
  c.reply().ok();
}

}  // namespace

std::span<const command::CommandRow> snapshot_commands() {
  using namespace command;
  static constexpr std::string_view kVaries[] = {"nondeterministic_output"};
  static constexpr CommandRow kRows[] = {
      {"save", 1, kAdmin | kNoScript | kNoAsyncLoading | kNoMulti, {}, 0, save},
      {"bgsave", -1, kAdmin | kNoScript | kNoAsyncLoading, {}, 0, bgsave},
      {"lastsave", 1, kLoading | kStale | kFast, {}, kAclAdmin | kAclDangerous, lastsave, kVaries},
      {"load", 1, kWrite | kAdmin | kNoScript | kNoAsyncLoading | kNoMulti, {}, 0, load},
  };
  return kRows;
}

}  // namespace rdb
