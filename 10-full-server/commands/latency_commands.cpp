// SPDX-License-Identifier: MIT
// LATENCY LATEST, HISTORY, RESET, GRAPH, DOCTOR, HISTOGRAM, HELP.
#include <climits>

#include "05-aof/append_only.h"
#include "10-full-server/commands/commands.h"
#include "10-full-server/commands/help_reply.h"
#include "10-full-server/introspection/latency_monitor.h"
#include "10-full-server/introspection/latency_percentiles.h"
#include "10-full-server/introspection/latency_text.h"
#include "10-full-server/introspection/slow_log.h"
#include "10-full-server/introspection/timed_files.h"
#include "shared/command/context.h"
#include "shared/server/server.h"

namespace full_server {

using command::Command;
using command::Context;
using command::LatencyHistogram;
using introspection::FileOperation;
using introspection::LatencyMonitor;
using introspection::LatencySeries;

static void latest(Context& c) {
  const auto& events = c.get<LatencyMonitor>().events();
  c.reply().array(events.size());
  for (const auto& [name, series] : events) {
    c.reply().array(4);
    c.reply().bulk(name);
    c.reply().integer(series.latest().time);
    c.reply().integer(series.latest().milliseconds);
    c.reply().integer(series.highest());
  }
}

static void history(Context& c) {
  const LatencySeries* series = c.get<LatencyMonitor>().find(c.arg(2));
  if (series == nullptr) return c.reply().array(0);
  const auto samples = series->samples();
  c.reply().array(samples.size());
  for (const auto& sample : samples) {
    c.reply().array(2);
    c.reply().integer(sample.time);
    c.reply().integer(sample.milliseconds);
  }
}

static void reset(Context& c) {
  auto& monitor = c.get<LatencyMonitor>();
  size_t count = 0;
  if (c.argc() == 2) count = monitor.clear();
  for (const std::string_view event : c.args(2)) count += monitor.clear(event) ? 1 : 0;
  c.reply().integer(static_cast<int64_t>(count));
}

static void graph(Context& c) {
  const LatencySeries* series = c.get<LatencyMonitor>().find(c.arg(2));
  if (series == nullptr) {
    return c.reply().error("ERR No samples available for event '" + std::string(c.arg(2)) + "'");
  }
  const int64_t now = c.get<server::Server>().clock.wall_ms() / 1000;
  c.reply().verbatim("txt", introspection::latency_graph(c.arg(2), *series, now));
}

static void doctor(Context& c) {
  const introspection::LatencyCircumstances now{.slow_log_from = c.get<introspection::SlowLog>().slower_than,
                                                .jobs_per_second = c.get<server::Settings>().hz};
  c.reply().verbatim("txt", introspection::latency_report(c.get<LatencyMonitor>(), now));
}

// How many calls took at most 1, 2, 4, … microseconds; a limit that no further call has reached is left out.
static void reply_histogram(Context& c, const Command& command, const LatencyHistogram& histogram) {
  c.reply().bulk(command.name);
  c.reply().map(2);
  c.reply().bulk("calls");
  c.reply().integer(static_cast<int64_t>(histogram.total()));
  c.reply().bulk("histogram_usec");
  auto map = c.reply().open_map();
  size_t pairs = 0;
  for (const auto& [microseconds, calls] : introspection::cumulative(histogram)) {
    c.reply().integer(static_cast<int64_t>(microseconds));
    c.reply().integer(static_cast<int64_t>(calls));
    ++pairs;
  }
  map.close(pairs);
}

// LATENCY HISTOGRAM [command …]; a container stands for its subcommands.
static void histogram(Context& c) {
  const auto& executor = c.get<server::Server>().executor;
  auto map = c.reply().open_map();
  size_t count = 0;
  const auto add = [&](const Command& command) {
    const LatencyHistogram* found = executor.latency(command.id);
    if (found == nullptr) return;
    reply_histogram(c, command, *found);
    ++count;
  };
  if (c.argc() == 2) {
    for (size_t i = 0; i < c.table().size(); ++i) add(c.table()[i]);
  }
  for (const std::string_view name : c.args(2)) {
    const Command* command = c.table().find_full_name(name);
    if (command == nullptr) continue;
    add(*command);
    for (const Command* subcommand : command->subcommands) add(*subcommand);
  }
  map.close(count);
}

static void help(Context& c) {
  static constexpr std::string_view kLines[] = {
      "DOCTOR",
      "    Return a human readable latency analysis report.",
      "GRAPH <event>",
      "    Return an ASCII latency graph for the <event> class.",
      "HISTORY <event>",
      "    Return time-latency samples for the <event> class.",
      "LATEST",
      "    Return the latest latency samples for all events.",
      "RESET [<event> ...]",
      "    Reset latency data of one or more <event> classes.",
      "    (default: reset all data for all event classes)",
      "HISTOGRAM [COMMAND ...]",
      "    Return a cumulative distribution of latencies in the format of a histogram for the specified command names.",
      "    If no commands are specified then all histograms are replied.",
  };
  reply_help(c, kLines);
}

static std::span<const command::CommandRow> latency_commands() {
  using namespace command;
  constexpr Flags kPlain = kAdmin | kNoScript | kLoading | kStale;
  static constexpr std::string_view kTips[] = {"nondeterministic_output", "request_policy:all_nodes",
                                               "response_policy:special"};
  static constexpr std::string_view kResetTips[] = {"request_policy:all_nodes", "response_policy:agg_sum"};
  static constexpr CommandRow kRows[] = {
      {"latency", -2},
      {"latency|doctor", 2, kPlain, {}, 0, doctor, kTips},
      {"latency|graph", 3, kPlain, {}, 0, graph, kTips},
      {"latency|help", 2, kLoading | kStale, {}, 0, help},
      {"latency|histogram", -2, kPlain, {}, 0, histogram, kTips},
      {"latency|history", 3, kPlain, {}, 0, history, kTips},
      {"latency|latest", 2, kPlain, {}, 0, latest, kTips},
      {"latency|reset", -2, kPlain, {}, 0, reset, kResetTips},
  };
  return kRows;
}

static void add_parameters(server::Server& server, LatencyMonitor& monitor, introspection::LatencyPercentiles& shown) {
  const auto listen = [&server, &monitor]() -> util::Result<> {
    server.executor.observe(monitor, monitor.from_ticks());
    server.parts.get<introspection::TimedFiles>().set_on(monitor.threshold != 0);
    return {};
  };
  const auto track = [&server, &shown]() -> util::Result<> {
    server.executor.track_latency(shown.tracked);
    return {};
  };
  server.parameters.add(server::integer("latency-monitor-threshold", monitor.threshold, 0, LLONG_MAX).then(listen));
  server.parameters.add(server::boolean("latency-tracking", shown.tracked).then(track));
  server::Parameter percentiles{.name = "latency-tracking-info-percentiles",
                                .get = [&shown] { return shown.text(); },
                                .set = [&shown](std::string_view given) { return shown.set(given); }};
  percentiles.takes_words = true;
  server.parameters.add(std::move(percentiles));
  server.on_start([listen, track] {
    (void)listen();
    (void)track();
  });
}

namespace {

// What the disk had everybody wait for, by the names that Redis has for it.
class DiskLatency {
 public:
  DiskLatency(server::Server& server, LatencyMonitor& monitor)
      : server_(server), log_(server.parts.get<aof::AppendOnly>()), monitor_(monitor) {}

  void tell(const FileOperation& done) {
    using Kind = FileOperation::Kind;
    const std::string_view path = done.path;
    if (!in_log(path)) {
      if (done.kind == Kind::Remove && is_unfinished_snapshot(path)) monitor_.add("rdb-unlink-temp-file", done.microseconds);
      return;
    }
    if (done.kind == Kind::Write && done.appends) wrote(done.microseconds);
    if (done.kind == Kind::Sync && done.appends && log_.settings().policy() == aof::SyncPolicy::Always) {
      monitor_.add("aof-fsync-always", done.microseconds);
    }
    if (done.kind == Kind::Size) monitor_.add("aof-fstat", done.microseconds);
    if (done.kind == Kind::Rename && !path.ends_with(".manifest")) monitor_.add("aof-rename", done.microseconds);
  }

 private:
  bool in_log(std::string_view path) const { return path.starts_with(log_.settings().directory + "/"); }
  static bool is_unfinished_snapshot(std::string_view path) {
    return path.substr(path.rfind('/') + 1).starts_with("temp-") && path.ends_with(".rdb");
  }
  // What it may have waited for says the second name.
  void wrote(int64_t microseconds) {
    const bool syncing = log_.settings().policy() == aof::SyncPolicy::EverySecond && log_.log().sync_pending();
    monitor_.add(syncing                  ? "aof-write-pending-fsync"
                 : server_.child.running() ? "aof-write-active-child"
                                           : "aof-write-alone",
                 microseconds);
    monitor_.add("aof-write", microseconds);
  }

  server::Server& server_;
  aof::AppendOnly& log_;
  LatencyMonitor& monitor_;
};

}  // namespace

void compose_files(server::Server& server) {
  auto& files = server.own<introspection::TimedFiles>(*server.files, server.clock);
  server.files = &files;
  server.parts.provide(files);
}

static void listen_to_server(server::Server& server, LatencyMonitor& monitor) {
  server.child.on_fork = [&monitor](int64_t microseconds) { monitor.add("fork", microseconds); };
  server.cron.on_job = [&monitor](std::string_view job, int64_t microseconds) {
    if (job == "expiry sweep") monitor.add("expire-cycle", microseconds);
  };
  server.databases.environment().on_expiry_freed = [&monitor](uint64_t ticks) { monitor.add_ticks("expire-del", ticks); };
  auto& disk = server.own<DiskLatency>(server, monitor);
  server.parts.get<introspection::TimedFiles>().listen([&disk](const FileOperation& done) { disk.tell(done); });
}

void compose_latency(server::Server& server) {
  server.add_commands(latency_commands());
  auto& monitor = server.own<LatencyMonitor>(server.clock);
  auto& shown = server.own<introspection::LatencyPercentiles>();
  server.parts.provide(monitor);
  add_parameters(server, monitor, shown);
  server.info.add({"latencystats", "Latencystats", false, [&server, &shown](server::InfoWriter& out) {
                     introspection::write_latency_stats(server, shown, out);
                   }});
  listen_to_server(server, monitor);
}

}  // namespace full_server
