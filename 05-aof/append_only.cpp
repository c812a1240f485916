// SPDX-License-Identifier: MIT
#include "05-aof/append_only.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <limits>

#include "shared/server/server.h"
#include "shared/util/todo.h"

namespace aof {

using server::Server;
using util::Failure;
using util::Result;

// Nobody may hear of what this turn has answered: no destructor runs, no reply leaves.
static void die() {
  std::fflush(nullptr);
  std::_Exit(1);
}

AppendOnly::AppendOnly(Server& server)
    : server_(server),
      folder_(*server.files, settings_.directory, settings_.file_name),
      log_({.settings = settings_,
            .log = server.log,
            .clock = server.clock,
            .child_runs = [&server] { return server.child.running(); },
            .die = die,
            .blocked = [this] { update_gate(); }}),
      loader_(server, settings_, folder_) {
  add_parameters(server.parameters, settings_, [this] { return switch_log(); });
  gate_.order = command::Gate::kDiskError;
  gate_.concerns = command::kWrite | command::kFast;
  gate_.check = [this](const command::Client& client,
                       const command::Command& command) -> std::string_view {
    if (client.owner == nullptr || client.kind == command::Client::Kind::Master) return "";
    // PING too, so that whoever only watches over the server learns of it.
    const bool concerned = (command.row->flags & command::kWrite) != 0 || command.name == "ping";
    return concerned ? std::string_view(refusal_) : std::string_view{};
  };
  server.executor.add_gate(gate_);
}

void AppendOnly::update_gate() {
  gate_.closed = !log_.blocked().empty();
  if (gate_.closed)
    refusal_ = fmt::format("MISCONF Errors writing to the AOF file: {}", log_.blocked());
  server_.executor.gates_changed();
}

void AppendOnly::start() {
  if (!settings_.enabled) return;
  folder_ = LogFolder(*server_.files, settings_.directory, settings_.file_name);
  if (const auto read = folder_.load(); !read) return server_.give_up(read.error());
  // [05.3c begin] read first; loaded() opens the log to write
  //stub: if (folder_.manifest().empty()) return loaded({});
  //stub: todo("05.3");
  if (folder_.manifest().empty()) return loaded({});
  loader_.start([this](const Result<>& result) { loaded(result); });
  // [05.3c end]
}

void AppendOnly::loaded(const Result<>& result) {
  if (!result) return server_.give_up(result.error());
  if (const auto begun = write_first_base(); !begun) return server_.give_up(begun.error());
  if (const auto opened = open_last(); !opened) return server_.give_up(opened.error());
  if (!keeps_history()) (void)drop_history();
}

// As Redis does where bases are snapshots: even the log of a server that began with nothing has one.
Result<> AppendOnly::write_first_base() {
  if (!background_.first || !folder_.manifest().empty()) return {};
  if (const auto written = background_.first(); !written) return written;
  server_.log.notice(
      fmt::format("Creating AOF base file {} on server start", folder_.manifest().base->name));
  return {};
}

Result<> AppendOnly::open_last() {
  auto opened = folder_.open_last();
  if (!opened) return Failure{opened.error()};
  server_.log.notice(fmt::format("{} AOF incr file {} on server start",
                                 opened.value().created ? "Creating" : "Opening",
                                 opened.value().name));
  write_to(opened.value());
  return {};
}

// Only a server that keeps a log pays for one: commands are encoded, and replies wait for the end
// of the turn.
void AppendOnly::write_to(const LogFolder::Opened& opened) {
  base_size_ = folder_.base_size();
  size_before_ = folder_.total_size() - opened.size;
  log_.open(opened.file, opened.size);
  if (std::exchange(consuming_, true)) return;
  server_.propagator.add(log_);
  // [05.2b begin] replies wait for the turn's end
  //stub: (void)0;  // TODO 05.2
  server_.turn.hold_replies();
  // [05.2b end]
}

Result<> AppendOnly::switch_log() {
  if (settings_.enabled == is_on()) return {};
  if (!settings_.enabled) {
    if (background_.cancel) background_.cancel();
    log_.close();
    if (std::exchange(awaits_base_, false)) folder_.drop_unnamed();
    return {};
  }
  folder_ = LogFolder(*server_.files, settings_.directory, settings_.file_name);
  Result<> result = folder_.load();
  if (result) result = background_.begin ? await_base() : write_base();
  if (result) return {};
  server_.log.warning(result.error());
  return Failure{"Unable to turn on AOF. Check server logs."};
}

Result<> AppendOnly::await_base() {
  awaits_base_ = true;
  if (background_.begin()) return {};
  log_.close();
  awaits_base_ = false;
  folder_.drop_unnamed();
  return Failure{
      "Redis needs to enable the AOF but can't trigger a background AOF rewrite operation"};
}

// What happens from now on, for the base that is about to be written; nothing of an attempt before.
Result<> AppendOnly::open_unnamed() {
  server_.propagator.end_of_execution();
  log_.close();
  auto opened = folder_.open_unnamed();
  if (!opened) return Failure{opened.error()};
  first_kept_ = folder_.last_increment() + 1;
  server_.log.notice(
      fmt::format("Creating AOF incr file {} on background rewrite", opened.value().name));
  write_to(opened.value());
  return {};
}

Result<> AppendOnly::rotate() {
  if (awaits_base_) return open_unnamed();
  if (!log_.is_open()) {
    // What files there are is known since the start only when the log was on.
    folder_ = LogFolder(*server_.files, settings_.directory, settings_.file_name);
    first_kept_ = std::numeric_limits<int64_t>::max();
    return folder_.load();
  }
  if (const auto finished = log_.finish(); !finished) return finished;
  auto opened = folder_.add_increment();
  if (!opened) return Failure{opened.error()};
  first_kept_ = folder_.last_increment();
  server_.log.notice(fmt::format("Creating AOF incr file {} on background rewrite", opened.value().name));
  write_to(opened.value());
  return {};
}

Result<> AppendOnly::install_base(const std::string& path, std::string_view kind) {
  const bool first = awaits_base_;
  if (first) {
    if (const auto kept = log_.finish(); !kept) return kept;  // before the manifest names it
  }
  const auto replaced = folder_.replace_base(
      path, kind,
      {.first_kept = first_kept_, .unnamed_joins = first, .history_stays = keeps_history()});
  if (!replaced) return replaced;
  awaits_base_ = false;
  if (first) (void)log_.finish();  // whoever waits for the disk hears that it has everything
  base_size_ = folder_.total_size();
  size_before_ = base_size_ - log_.size();
  return {};
}

void AppendOnly::base_failed() {
  if (!awaits_base_) return;
  server_.log.notice(fmt::format("Removing the temp incr aof file {} in the background",
                                 folder_.unnamed_name()));
  folder_.drop_unnamed();
}

Result<> AppendOnly::drop_history() {
  if (!is_on()) {
    folder_ = LogFolder(*server_.files, settings_.directory, settings_.file_name);
    if (const auto read = folder_.load(); !read) return read;
  }
  for (const LogFile& file : folder_.manifest().history)
    server_.log.notice(fmt::format("Removing the history file {} in the background", file.name));
  return folder_.drop_history();
}

Result<> AppendOnly::reload() {
  if (log_.is_open()) server_.propagator.end_of_execution();
  // Also what waits for a sync that is under way: it would be missing.
  if (const auto written = log_.finish(); !written) return written;
  folder_ = LogFolder(*server_.files, settings_.directory, settings_.file_name);
  if (const auto read = folder_.load(); !read) return read;
  for (int i = 0; i < server_.databases.count(); ++i) server_.databases[i].clear();
  Result<> outcome;
  loader_.start([&outcome](const Result<>& result) { outcome = result; });
  server_.loading.finish();
  return outcome;
}

Result<> AppendOnly::start_over() {
  if (!is_on()) return {};
  if (!background_.begin) return write_base();
  background_.cancel();
  log_.close();
  return await_base();
}

// The data set as it is now, and an empty increment behind it; then the log goes on there. What was gathered and not written
// yet is in the base. A failure leaves the log as it was.
Result<> AppendOnly::write_base() {
  // What a transaction around this has done so far is in the base; it must not be done again behind it.
  server_.propagator.end_of_execution();
  util::Files& files = *server_.files;
  const std::string path = folder_.path(folder_.next_base_name());
  if (const auto made = files.make_directory(folder_.directory()); !made) return made;
  if (const auto kept = files.sync_directory(util::directory_of(folder_.directory())); !kept)
    return kept;
  auto base = files.open(path, util::OpenMode::Replace);
  if (!base) return Failure{base.error()};
  if (const auto written = write_data_set(server_.databases, rewriters_, *base.value()); !written)
    return written;
  if (const auto synced = base.value()->sync(); !synced) return synced;
  auto opened = folder_.start_over();
  if (!opened) return Failure{opened.error()};
  server_.log.notice(fmt::format("Creating AOF incr file {} behind base file {}",
                                 opened.value().name, folder_.manifest().base->name));
  write_to(opened.value());
  return {};
}

}  // namespace aof
