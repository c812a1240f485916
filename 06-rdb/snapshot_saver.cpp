// SPDX-License-Identifier: MIT
#include "06-rdb/snapshot_saver.h"

#include <fmt/format.h>

#include <csignal>

#include "06-rdb/snapshot_file.h"
#include "shared/server/server.h"
#include "shared/util/memory.h"

namespace rdb {

using server::ChildProcess;
using util::Result;

constexpr int64_t kRetryAfterMs = 5000;  // a save that failed is not tried again at once

constexpr std::string_view kRefusal =
    "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to "
    "disk. Commands that may "
    "modify the data set are disabled, because this instance is configured to report errors during "
    "writes if RDB "
    "snapshotting fails (stop-writes-on-bgsave-error option). Please check the Redis logs for "
    "details about the RDB "
    "error.";

SnapshotSaver::SnapshotSaver(server::Server& server, const CodecTable& codecs,
                             SnapshotSettings& settings)
    : server_(server), codecs_(codecs), settings_(settings) {
  gate_.order = command::Gate::kDiskError;
  gate_.concerns = command::kWrite | command::kFast;
  gate_.check = [](const command::Client& client,
                   const command::Command& command) -> std::string_view {
    if (client.kind == command::Client::Kind::Master) return "";
    // PING too, so that whoever only watches over the server learns of it.
    const bool concerned = (command.row->flags & command::kWrite) != 0 || command.name == "ping";
    return concerned ? kRefusal : std::string_view{};
  };
  server_.executor.add_gate(gate_);
}

void SnapshotSaver::on_start() {
  settings_.started = true;
  statistics_.last_save = server_.clock.wall_ms();
}

void SnapshotSaver::update_gate() {
  gate_.closed = settings_.stop_writes_on_error && !settings_.points.empty() &&
                 !statistics_.last_background_ok;
  server_.executor.gates_changed();
}

Result<uint64_t> SnapshotSaver::write(Sink& sink, Purpose purpose) const {
  WriteOptions options;
  options.version = settings_.version;
  options.pause_us = settings_.key_pause_us;
  options.encoder = {.compress = settings_.compress, .checksum = settings_.checksum};
  options.aux = {{"redis-ver", std::string(server::kRedisVersion)},
                 {"redis-bits", "64"},
                 {"ctime", std::to_string(server_.clock.wall_ms() / 1000)},
                 {"used-mem", std::to_string(memory::used())}};
  for (const AuxSource& source : aux_sources_) source(options.aux);
  options.aux.push_back({"aof-base", purpose == Purpose::LogBase ? "1" : "0"});
  options.behind_entry = [&progress = server_.child.progress()] { progress.count_key(); };
  return write_rdb(sink, server_.databases, codecs_, options);
}

Result<uint64_t> SnapshotSaver::save_to_file(const std::string& path) const {
  return replace_snapshot(*server_.files, path, [this](Sink& sink) { return write(sink); });
}

bool SnapshotSaver::saving_in_background() const {
  return server_.child.running() && server_.child.name() == kChildName;
}

int64_t SnapshotSaver::changes_since_save() const {
  return server_.executor.changes().changes() - changes_at_save_;
}

void SnapshotSaver::forget_changes() {
  changes_at_save_ = server_.executor.changes().changes();
}

void SnapshotSaver::mark_saved(int64_t changes) {
  changes_at_save_ = changes;
  statistics_.last_save = server_.clock.wall_ms();
  statistics_.last_background_ok = true;
  update_gate();
}

bool SnapshotSaver::save() {
  ++statistics_.saves;
  const auto saved = save_to_file(settings_.file);
  if (!saved) {
    server_.log.warning("Write error while saving DB to the disk: " + saved.error());
    return false;
  }
  server_.log.notice("DB saved on disk");
  mark_saved(server_.executor.changes().changes());
  return true;
}

bool SnapshotSaver::save_in_background() {
  ++statistics_.saves;
  changes_at_fork_ = server_.executor.changes().changes();
  last_try_ = statistics_.background_started = server_.clock.wall_ms();
  const auto started = server_.child.start(
      kChildName,
      [this](std::string& report) {
        const auto saved = save_to_file(settings_.file);
        if (!saved) report = saved.error();
        return saved ? 0 : 1;
      },
      [this](const ChildProcess::Outcome& outcome) { finished(outcome); });
  if (!started) {
    server_.log.warning("Can't save in background: fork: " + started.error());
    statistics_.last_background_ok = false;
    update_gate();
    return false;
  }
  child_ = server_.child.pid();
  server_.log.notice(fmt::format("Background saving started by pid {}", child_));
  return true;
}

void SnapshotSaver::report_success(const ChildProcess::Outcome& outcome) {
  server_.log.notice("DB saved on disk");
  server_.log.notice(fmt::format("Fork CoW for RDB: {} MB", outcome.copied_bytes >> 20));
  server_.log.notice("Background saving terminated with success");
  mark_saved(changes_at_fork_);
}

void SnapshotSaver::finished(const ChildProcess::Outcome& outcome) {
  statistics_.last_background_seconds =
      (server_.clock.wall_ms() - statistics_.background_started) / 1000;
  statistics_.last_copied_bytes = outcome.copied_bytes;
  if (outcome.ok) return report_success(outcome);
  if (outcome.signal != 0) {
    server_.log.warning(fmt::format("Background saving terminated by signal {}", outcome.signal));
    (void)server_.files->remove(temporary_path(settings_.file, child_));
    if (outcome.signal == SIGUSR1) return;  // we ended it ourselves
  } else {
    if (!outcome.report.empty())
      server_.log.warning("Write error while saving DB to the disk: " + outcome.report);
    server_.log.warning("Background saving error");
  }
  statistics_.last_background_ok = false;
  update_gate();
}

void SnapshotSaver::kill_child() {
  if (!saving_in_background()) return;
  server_.log.warning("There is a child saving an .rdb. Killing it!");
  server_.child.kill();
  (void)server_.files->remove(temporary_path(settings_.file, child_));
}

bool SnapshotSaver::may_retry() const {
  return statistics_.last_background_ok || server_.clock.wall_ms() - last_try_ > kRetryAfterMs;
}

void SnapshotSaver::on_tick() {
  if (server_.child.running() || server_.loading.active() || !may_retry()) return;
  const int64_t seconds = (server_.clock.wall_ms() - statistics_.last_save) / 1000;
  if (const auto point = settings_.points.due(changes_since_save(), seconds)) {
    server_.log.notice(
        fmt::format("{} changes in {} seconds. Saving...", point->changes, point->seconds));
    save_in_background();
  } else if (scheduled_) {
    scheduled_ = !save_in_background();
  }
}

}  // namespace rdb
