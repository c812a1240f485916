// SPDX-License-Identifier: MIT
#include "10-full-server/introspection/latency_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace introspection {

// How long ago, in the unit that fits.
static std::string age(int64_t seconds) {
  if (seconds < 60) return fmt::format("{}s", seconds);
  if (seconds < 3600) return fmt::format("{}m", seconds / 60);
  if (seconds < 86400) return fmt::format("{}h", seconds / 3600);
  return fmt::format("{}d", seconds / 86400);
}

namespace {

// A column for each sample, four rows high, three steps a row; its age runs downwards below it.
class Chart {
 public:
  Chart(const std::vector<LatencySample>& samples, int64_t low, int64_t high, int64_t now) {
    const double range = std::max<double>(static_cast<double>(high - low), 1);
    for (const LatencySample& sample : samples) {
      const auto step = static_cast<int>(static_cast<double>(sample.milliseconds - low) * kSteps / range);
      columns_.push_back({std::min(step, kSteps - 1), age(now - sample.time)});
    }
  }

  std::string text() const {
    std::string result;
    for (int row = kRows - 1; row >= 0; --row) {
      for (const Column& column : columns_) result += mark(column.step - row * kStepsPerRow);
      result += '\n';
    }
    result.append(columns_.size(), ' ').append("\n");
    size_t longest = 0;
    for (const Column& column : columns_) longest = std::max(longest, column.label.size());
    for (size_t i = 0; i < longest; ++i) {
      for (const Column& column : columns_) result += i < column.label.size() ? column.label[i] : ' ';
      result += '\n';
    }
    return result;
  }

 private:
  static constexpr int kRows = 4, kStepsPerRow = 3, kSteps = kRows * kStepsPerRow;
  struct Column {
    int step;
    std::string label;
  };
  static char mark(int step) {
    if (step < 0) return ' ';
    return step < kStepsPerRow ? "_o#"[step] : '|';
  }
  std::vector<Column> columns_;
};

struct Spread {
  double average = 0;
  double deviation = 0;  // mean absolute
  double period = 0;     // seconds a sample
};

Spread spread_of(const std::vector<LatencySample>& samples, int64_t now) {
  Spread spread;
  const auto count = static_cast<double>(samples.size());
  for (const LatencySample& each : samples) spread.average += static_cast<double>(each.milliseconds) / count;
  for (const LatencySample& each : samples) {
    spread.deviation += std::abs(static_cast<double>(each.milliseconds) - spread.average) / count;
  }
  spread.period = static_cast<double>(std::max<int64_t>(now - samples.front().time, 1)) / count;
  return spread;
}

// In the order in which the report gives them.
enum class Advice { SlowLogOff, SlowLogTooHigh, ReadSlowLog, BigValues, BusyMachine, OftenerExpiry, Forks, Disk, Eviction, BigFile, SlowFree };

std::string text_of(Advice advice, int64_t threshold_us) {
  switch (advice) {
    case Advice::SlowLogOff:
      return fmt::format("The slow log is off; CONFIG SET slowlog-log-slower-than {} lets it name the commands.", threshold_us);
    case Advice::SlowLogTooHigh:
      return fmt::format("The slow log keeps less than this monitor sees; CONFIG SET slowlog-log-slower-than {}.", threshold_us);
    case Advice::ReadSlowLog:
      return "SLOWLOG GET tells which commands took so long.";
    case Advice::BigValues:
      return "Deleting or reading a very large value takes long; split it, or delete it with UNLINK.";
    case Advice::BusyMachine:
      return "Commands of constant time were slow, so the process did not get the CPU: lower the machine's load.";
    case Advice::OftenerExpiry:
      return "Sweeps of expired keys are long; CONFIG SET hz 100 makes them shorter and more frequent.";
    case Advice::Forks:
      return "A fork takes longer the more memory is mapped; snapshots and log rewrites need one each.";
    case Advice::Disk:
      return "The log waited for the disk: use a local, fast one, and let other work keep off it.";
    case Advice::BigFile:
      return "Removing a large snapshot that was not finished took long: some file systems do it block by block.";
    case Advice::SlowFree:
      return "Commands waited until the other thread had freed what was evicted: keys come in faster than they can go.";
    case Advice::Eviction:
      return "Many keys had to go at once: a limit that was lowered, or large values that came in.";
  }
  return {};
}

std::set<Advice> advices(const LatencyMonitor& monitor, const LatencyCircumstances& now) {
  std::set<Advice> result;
  for (const auto& [event, series] : monitor.events()) {
    if (event == "command") {
      if (now.slow_log_from < 0) result.insert(Advice::SlowLogOff);
      if (now.slow_log_from > monitor.threshold * 1000) result.insert(Advice::SlowLogTooHigh);
      result.insert({Advice::ReadSlowLog, Advice::BigValues});
    }
    if (event == "fast-command") result.insert(Advice::BusyMachine);
    if (event == "expire-cycle" && now.jobs_per_second < 100) result.insert(Advice::OftenerExpiry);
    if (event == "expire-cycle" || event == "expire-del" || event == "eviction-del") result.insert(Advice::BigValues);
    if (event == "eviction-cycle") result.insert(Advice::Eviction);
    if (event == "fork") result.insert(Advice::Forks);
    if (event.starts_with("aof-")) result.insert(Advice::Disk);
    if (event == "rdb-unlink-temp-file") result.insert(Advice::BigFile);
    if (event == "eviction-lazyfree") result.insert(Advice::SlowFree);
  }
  return result;
}

}  // namespace

std::string latency_graph(std::string_view event, const LatencySeries& series, int64_t now) {
  constexpr size_t kColumns = 80;
  const std::vector<LatencySample> samples = series.samples();
  const auto by_length = [](const LatencySample& a, const LatencySample& b) { return a.milliseconds < b.milliseconds; };
  const auto [lowest, highest] = std::minmax_element(samples.begin(), samples.end(), by_length);
  const int64_t low = lowest->milliseconds, high = highest->milliseconds;
  std::string result = fmt::format("{} - high {} ms, low {} ms (all time high {} ms)\n", event, high, low, series.highest());
  result.append(kColumns, '-').append("\n");
  for (size_t from = 0; from < samples.size(); from += kColumns) {
    if (from != 0) result += '\n';
    const auto first = samples.begin() + static_cast<std::ptrdiff_t>(from);
    const auto last = first + static_cast<std::ptrdiff_t>(std::min(kColumns, samples.size() - from));
    result += Chart({first, last}, low, high, now).text();
  }
  return result;
}

std::string latency_report(const LatencyMonitor& monitor, const LatencyCircumstances& circumstances) {
  if (monitor.events().empty()) {
    if (monitor.threshold == 0) {
      return "Latency monitoring is disabled. CONFIG SET latency-monitor-threshold <milliseconds> enables it.\n";
    }
    return fmt::format("Nothing has taken {} ms or longer.\n", monitor.threshold);
  }
  std::string report = "What took longer than it was meant to:\n\n";
  size_t number = 0;
  for (const auto& [event, series] : monitor.events()) {
    const auto samples = series.samples();
    const Spread spread = spread_of(samples, series.latest().time);
    report += fmt::format(
        "{}. {}: {} latency spikes (average {:.0f}ms, mean deviation {:.0f}ms, period {:.2f} sec). Worst all time event {}ms.\n",
        ++number, event, samples.size(), spread.average, spread.deviation, spread.period, series.highest());
  }
  const auto found = advices(monitor, circumstances);
  if (!found.empty()) report += "\nWhat may help:\n\n";
  for (const Advice advice : found) report += fmt::format("- {}\n", text_of(advice, monitor.threshold * 1000));
  return report;
}

}  // namespace introspection
