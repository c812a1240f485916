// SPDX-License-Identifier: MIT
#include "10-full-server/log_rewrite/log_rewrite.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <thread>

#include "shared/server/server.h"

namespace log_rewrite {

using server::ChildProcess;
using util::Result;

namespace {

// After so many failures in a row rewrites that nobody typed wait, each time twice as long.
constexpr uint64_t kFailuresBeforeWaiting = 3;
constexpr int64_t kLongestWaitMinutes = 60, kMinuteUs = 60'000'000;

std::string temporary_path(pid_t pid) { return fmt::format("temp-rewriteaof-bg-{}.aof", pid); }

}  // namespace

Result<> LogRewrite::write_commands(util::File& file) const {
  if (timestamps_.enabled()) {
    if (const auto begun = util::write_all(file, timestamps_.line()); !begun) return begun;
  }
  const auto behind_entry = [&progress = server_.child.progress(), pause_us = saver_.settings().key_pause_us] {
    progress.count_key();
    if (pause_us > 0) std::this_thread::sleep_for(std::chrono::microseconds(pause_us));
  };
  return aof::write_data_set(server_.databases, log_.rewriters(), file, behind_entry);
}

// All of it or nothing.
Result<> LogRewrite::write_base(const std::string& path) const {
  const auto write = [&]() -> Result<> {
    auto file = server_.files->open(path, util::OpenMode::Replace);
    if (!file) return util::Failure{file.error()};
    if (snapshot_) {
      rdb::FileSink sink(*file.value());
      const auto written = saver_.write(sink, rdb::SnapshotSaver::Purpose::LogBase);
      if (!written) return util::Failure{written.error()};
    } else if (const auto written = write_commands(*file.value()); !written) {
      return written;
    }
    return file.value()->sync();
  };
  Result<> result = write();
  if (!result) (void)server_.files->remove(path);
  return result;
}

Result<> LogRewrite::write_first_base() {
  snapshot_ = settings_.snapshot_base;
  const std::string path = temporary_path(::getpid());
  if (const auto written = write_base(path); !written) return written;
  return log_.install_base(path, snapshot_ ? "rdb" : "aof");
}

// In the child.
int LogRewrite::run_child(std::string& report) const {
  const Result<> written = write_base(temporary_path(::getpid()));
  if (!written) report = written.error();
  return written ? 0 : 1;
}

bool LogRewrite::start() {
  aof::AppendOnly::Rewrites& status = log_.rewrites();
  status.scheduled = false;
  status.started = server_.clock.wall_ms();
  snapshot_ = settings_.snapshot_base;
  Result<> started = log_.rotate();
  if (started) {
    started = server_.child.start(
        kChildName, [this](std::string& report) { return run_child(report); },
        [this](const ChildProcess::Outcome& outcome) { finished(outcome); });
  }
  if (!started) {
    server_.log.warning("Can't rewrite append only file in background: " + started.error());
    failed();
    return false;
  }
  child_ = server_.child.pid();
  status.running = true;
  ++status.count;
  server_.log.notice(fmt::format("Background append only file rewriting started by pid {}", child_));
  return true;
}

bool LogRewrite::install(pid_t child) {
  const std::string path = temporary_path(child);
  const auto installed = log_.install_base(path, snapshot_ ? "rdb" : "aof");
  if (installed) return true;
  server_.log.warning("Error trying to install the new AOF base file: " + installed.error());
  (void)server_.files->remove(path);
  return false;
}

void LogRewrite::finished(const ChildProcess::Outcome& outcome) {
  aof::AppendOnly::Rewrites& status = log_.rewrites();
  status.running = false;
  status.last_seconds = (server_.clock.wall_ms() - status.started) / 1000;
  status.last_copied_bytes = outcome.copied_bytes;
  if (outcome.ok) {
    server_.log.notice("Background AOF rewrite terminated with success");
    if (!install(child_)) {
      failed();
      return try_again();
    }
    status.last_ok = true;
    status.failures_in_a_row = 0;
    server_.log.notice("Background AOF rewrite finished successfully");
    return;
  }
  (void)server_.files->remove(temporary_path(child_));
  if (outcome.signal == SIGUSR1) return;  // we ended it
  server_.log.warning(outcome.signal != 0
                          ? fmt::format("Background AOF rewrite terminated by signal {}", outcome.signal)
                          : fmt::format("Background AOF rewrite terminated with error: {}", outcome.report));
  failed();
  try_again();
}

// The log is not there yet: without its base nothing is kept.
void LogRewrite::try_again() {
  if (!log_.awaits_base()) return;
  log_.base_failed();
  schedule();
}

// A child that begins within a transaction would have half of it in its base, and the log gets the whole of it behind.
bool LogRewrite::begin_base() {
  const command::Client* client = server_.executor.current();
  const bool in_transaction = client != nullptr && !client->may_block;
  if (!in_transaction && !server_.child.running()) return start();
  server_.log.notice(fmt::format("AOF was enabled {}. An AOF background was scheduled to start when possible.",
                                 in_transaction ? "during a transaction"
                                                : "but there is already another background operation"));
  schedule();
  return true;
}

void LogRewrite::abandon() {
  log_.rewrites().scheduled = false;
  if (!running()) return;
  server_.log.notice(fmt::format("Killing AOF child {}: nobody wants its file any more", child_));
  cancel();
}

void LogRewrite::failed() {
  log_.rewrites().last_ok = false;
  ++log_.rewrites().failures_in_a_row;
}

// True: one is due, and has to wait, because too many have failed.
bool LogRewrite::limited() {
  if (log_.rewrites().failures_in_a_row < kFailuresBeforeWaiting) {
    retry_at_us_ = wait_minutes_ = 0;
    return false;
  }
  const int64_t now = server_.clock.monotonic_us();
  if (retry_at_us_ != 0) {
    if (now < retry_at_us_) return true;
    retry_at_us_ = 0;
    return false;
  }
  wait_minutes_ = wait_minutes_ == 0 ? 1 : std::min(2 * wait_minutes_, kLongestWaitMinutes);
  retry_at_us_ = now + wait_minutes_ * kMinuteUs;
  server_.log.warning(
      fmt::format("Background AOF rewrite has repeatedly failed and triggered the limit, will retry in {} minutes",
                  wait_minutes_));
  return true;
}

bool LogRewrite::grown() const {
  if (!log_.log().is_open() || settings_.growth_percentage == 0) return false;
  const uint64_t size = log_.total_size();
  const uint64_t base = std::max<uint64_t>(log_.base_size(), 1);
  return size > settings_.least_size && size > base &&
         (size - base) * 100 / base >= static_cast<uint64_t>(settings_.growth_percentage);
}

void LogRewrite::on_tick() {
  if (server_.child.running() || server_.loading.active()) return;
  if (log_.rewrites().scheduled) {
    if (!limited() && !start() && log_.awaits_base()) schedule();
  } else if (grown() && !limited()) {
    server_.log.notice(fmt::format("Starting automatic rewriting of AOF: {} bytes, {} after the last rewrite",
                                   log_.total_size(), log_.base_size()));
    start();
  }
}

void LogRewrite::cancel() {
  if (!running() || !server_.child.running() || server_.child.name() != kChildName) return;
  server_.log.warning("There is a child rewriting the AOF. Killing it!");
  server_.child.kill();
  (void)server_.files->remove(temporary_path(child_));
}

}  // namespace log_rewrite
