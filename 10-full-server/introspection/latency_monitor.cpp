// SPDX-License-Identifier: MIT
#include "10-full-server/introspection/latency_monitor.h"

#include <algorithm>

namespace introspection {

void LatencySeries::add(LatencySample sample) {
  highest_ = std::max(highest_, sample.milliseconds);
  LatencySample& last = samples_[(next_ + samples_.size() - 1) % samples_.size()];
  if (last.time == sample.time) {
    last.milliseconds = std::max(last.milliseconds, sample.milliseconds);
    return;
  }
  samples_[next_] = sample;
  next_ = (next_ + 1) % samples_.size();
}

std::vector<LatencySample> LatencySeries::samples() const {
  std::vector<LatencySample> result;
  for (size_t i = 0; i < samples_.size(); ++i) {
    const LatencySample& sample = samples_[(next_ + i) % samples_.size()];
    if (sample.time != 0) result.push_back(sample);
  }
  return result;
}

static int64_t microseconds_of(uint64_t ticks) {
  return static_cast<int64_t>(static_cast<double>(ticks) / util::ticks_per_us());
}

void LatencyMonitor::add_ticks(std::string_view event, uint64_t ticks) {
  if (threshold != 0) add(event, microseconds_of(ticks));
}

uint64_t LatencyMonitor::from_ticks() const {
  return threshold == 0 ? kNothing : static_cast<uint64_t>(static_cast<double>(threshold) * 1000 * util::ticks_per_us());
}

void LatencyMonitor::add(std::string_view event, int64_t microseconds) {
  const int64_t milliseconds = microseconds / 1000;
  if (threshold == 0 || milliseconds < threshold) return;
  auto found = events_.find(event);
  if (found == events_.end()) found = events_.emplace(event, LatencySeries()).first;
  found->second.add({clock_.wall_ms() / 1000, milliseconds});
}

void LatencyMonitor::after_command(const command::Execution& execution) {
  if (execution.attempt == command::Attempt::TimedOut) return add("command-unblocking", microseconds_of(execution.ticks));
  const bool fast = (execution.command.row->flags & command::kFast) != 0;
  add(fast ? "fast-command" : "command", microseconds_of(execution.ticks));
}

const LatencySeries* LatencyMonitor::find(std::string_view event) const {
  const auto found = events_.find(event);
  return found == events_.end() ? nullptr : &found->second;
}

size_t LatencyMonitor::clear() {
  const size_t count = events_.size();
  events_.clear();
  return count;
}

bool LatencyMonitor::clear(std::string_view event) {
  const auto found = events_.find(event);
  if (found == events_.end()) return false;
  events_.erase(found);
  return true;
}

}  // namespace introspection
