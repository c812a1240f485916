// SPDX-License-Identifier: MIT
#include "10-full-server/introspection/info_sections.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <ctime>

#include "10-full-server/introspection/info_fields.h"
#include "10-full-server/introspection/memory_overview.h"
#include "10-full-server/introspection/rates.h"
#include "10-full-server/introspection/start_state.h"
#include "shared/server/server.h"
#include "shared/util/clock.h"
#include "shared/util/memory.h"

namespace introspection {

using server::InfoWriter;
using server::Server;

// Commands that nobody has sent are left out.
static void write_command_stats(Server& server, InfoWriter& out) {
  const auto& stats = server.executor.stats();
  for (size_t id = 0; id < stats.size(); ++id) {
    const command::CommandStats& each = stats[id];
    if (each.calls == 0 && each.rejected == 0 && each.failed == 0) continue;
    const double us = static_cast<double>(each.ticks) / util::ticks_per_us();
    const double per_call = each.calls == 0 ? 0 : us / static_cast<double>(each.calls);
    out.field(
        fmt::format("cmdstat_{}", server.table[id].name),
        fmt::format("calls={},usec={},usec_per_call={:.2f},rejected_calls={},failed_calls={}",
                    each.calls, static_cast<uint64_t>(us), per_call, each.rejected, each.failed));
  }
}

static void write_error_stats(Server& server, InfoWriter& out) {
  for (const auto& [code, count] : server.executor.errors().by_code()) {
    out.field("errorstat_" + code, fmt::format("count={}", count));
  }
}

static void write_listener(Server& server, InfoWriter& out) {
  if (server.settings.port == 0) return;
  std::string line = "name=tcp";
  for (const std::string& address : server.settings.bind) line += ",bind=" + address;
  out.field("listener0", fmt::format("{},port={}", line, server.settings.port));
}

// The time that the loop's thread was not asleep: what its turns took together.
static int64_t busy_us() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * int64_t{1'000'000} + time.tv_nsec / 1000;
}

// Commands that run commands count what those took as well.
static int64_t commands_us(Server& server) {
  uint64_t ticks = 0;
  const command::Command* exec = server.table.find("exec");
  const auto& stats = server.executor.stats();
  for (size_t id = 0; id < stats.size(); ++id) {
    if (exec == nullptr || id != exec->id) ticks += stats[id].ticks;
  }
  return static_cast<int64_t>(static_cast<double>(ticks) / util::ticks_per_us());
}

namespace {

struct Rates {
  Rate input, output, turns, turn_length;
  int64_t turns_before = 0;
  int64_t busy_before = 0;

  void sample(Server& server) {
    const int64_t now = server.clock.monotonic_us();
    const auto count = static_cast<int64_t>(server.stats.turns);
    input.sample(static_cast<int64_t>(server.frame.stats.bytes_in), now);
    output.sample(static_cast<int64_t>(server.frame.stats.bytes_out), now);
    turns.sample(count, now);
    turn_length.sample(busy_us(), count);
  }
  void restart(Server& server) {
    turns_before = static_cast<int64_t>(server.stats.turns);
    busy_before = busy_us();
    server.stats.most_commands_in_turn = 0;
    server.cron.reset_statistics();
    for (Rate* each : {&input, &output, &turns, &turn_length}) each->forget();
  }
};

}  // namespace

static void write_rates(Server& server, const Rates& rates, InfoWriter& out) {
  constexpr double kSecond = 1'000'000, kKilobyte = 1024;
  out.field("instantaneous_input_kbps", fmt::format("{:.2f}", rates.input.mean() * kSecond / kKilobyte));
  out.field("instantaneous_output_kbps", fmt::format("{:.2f}", rates.output.mean() * kSecond / kKilobyte));
  out.field("eventloop_cycles", static_cast<int64_t>(server.stats.turns) - rates.turns_before);
  out.field("eventloop_duration_sum", busy_us() - rates.busy_before);
  out.field("eventloop_duration_cmd_sum", commands_us(server));
  out.field("instantaneous_eventloop_cycles_per_sec", static_cast<int64_t>(rates.turns.mean() * kSecond));
  out.field("instantaneous_eventloop_duration_usec", static_cast<int64_t>(rates.turn_length.mean()));
}

static void write_stats(Server& server, InfoWriter& out) {
  out.field("expire_cycle_cpu_milliseconds", server.cron.spent_us("expiry sweep") / 1000);
  out.field("latest_fork_usec", server.child.last_fork_us());
  out.field("total_forks", server.child.forks());
  out.field("total_error_replies", server.executor.errors().total());
  out.field("total_reads_processed", server.frame.stats.reads);
  out.field("total_writes_processed", server.frame.stats.writes);
}

// How far the child is, and what it costs.
static void write_child(Server& server, InfoWriter& out) {
  const server::ChildProgress& child = server.child.progress();
  const int64_t measured = child.measured_us();
  out.field("current_cow_peak", child.most_copied_bytes());
  out.field("current_cow_size", child.copied_bytes());
  out.field("current_cow_size_age", measured == 0 ? 0 : (util::Clock::system().monotonic_us() - measured) / 1'000'000);
  out.field("current_fork_perc", fmt::format("{:.2f}", child.percent()));
  out.field("current_save_keys_processed", child.keys_done());
  out.field("current_save_keys_total", child.keys());
}

static void write_main_thread(InfoWriter& out) {
  const auto seconds = [](const timeval& time) { return fmt::format("{}.{:06}", time.tv_sec, time.tv_usec); };
  rusage thread{};
  getrusage(RUSAGE_THREAD, &thread);
  out.field("used_cpu_sys_main_thread", seconds(thread.ru_stime));
  out.field("used_cpu_user_main_thread", seconds(thread.ru_utime));
}

// For whoever looks at the loop itself: shown only when it is asked for by name.
static void write_debug(Server& server, InfoWriter& out) {
  out.field("eventloop_duration_aof_sum", 0);
  out.field("eventloop_duration_cron_sum", server.cron.spent_us());
  out.field("eventloop_duration_max", server.cron.longest_us());
  out.field("eventloop_cmd_per_cycle_max", server.stats.most_commands_in_turn);
}

static void add_rates(Server& server) {
  auto& rates = server.own<Rates>();
  constexpr int64_t kSampleMs = 100;
  server.cron.add("rates", kSampleMs, [&server, &rates] { rates.sample(server); });
  server.on_reset([&server, &rates] { rates.restart(server); });
  server.info.extend("stats", [&server, &rates](InfoWriter& out) { write_rates(server, rates, out); });
}

void add_info_sections(Server& server) {
  server::Info& info = server.info;
  info.add({"modules", "Modules", true, [](InfoWriter&) {}});
  info.add({"commandstats", "Commandstats", false,
            [&server](InfoWriter& out) { write_command_stats(server, out); }});
  info.add({"errorstats", "Errorstats", true, [&server](InfoWriter& out) { write_error_stats(server, out); }});
  info.add({"cluster", "Cluster", true, [](InfoWriter& out) { out.field("cluster_enabled", 0); }});
  info.add({"debug", "Debug", false, [&server](InfoWriter& out) { write_debug(server, out); }, true});
  info.extend("server", [&server](InfoWriter& out) { write_listener(server, out); });
  info.extend("stats", [&server](InfoWriter& out) { write_stats(server, out); });
  info.extend("persistence", [&server](InfoWriter& out) { write_child(server, out); });
  info.extend("clients", [&server](InfoWriter& out) {
    out.field("clients_in_timeout_table", server.blocking.deadline_count());
  });
  info.extend("cpu", [](InfoWriter& out) { write_main_thread(out); });
  auto& start = server.own<StartState>();
  server.parts.provide(start);
  server.on_start([&start] { start.used_memory = memory::used(); });
  info.extend("memory", [&server, &start](InfoWriter& out) {
    write_memory_overview(take_memory_overview(server, start.used_memory), out);
  });
  add_rates(server);
  info.put_in_order(info_order());
  info.arrange([](std::string_view section, std::string lines) { return arrange_info(section, lines); });
}

}  // namespace introspection
