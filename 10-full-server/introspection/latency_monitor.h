// SPDX-License-Identifier: MIT
//
// The latency monitor: for each kind of event (a command, a fork, a write to the log, …) that took as long as the threshold, the
// last 160 samples, one a second at most: the worst. The loop thread's alone. Source: LATENCY of Redis 7.2.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "shared/command/observer.h"
#include "shared/util/clock.h"

namespace introspection {

struct LatencySample {
  int64_t time = 0;  // Unix seconds; 0: none
  int64_t milliseconds = 0;
};

class LatencySeries {
 public:
  void add(LatencySample sample);
  std::vector<LatencySample> samples() const;  // oldest first
  LatencySample latest() const { return samples_[(next_ + samples_.size() - 1) % samples_.size()]; }
  int64_t highest() const { return highest_; }  // ever, even if it was forgotten since

 private:
  std::array<LatencySample, 160> samples_;
  size_t next_ = 0;
  int64_t highest_ = 0;
};

class LatencyMonitor final : public command::Observer {
 public:
  explicit LatencyMonitor(util::Clock& clock) : clock_(clock) {}

  int64_t threshold = 0;  // milliseconds; 0: off
  uint64_t from_ticks() const;

  void add(std::string_view event, int64_t microseconds);
  void add_ticks(std::string_view event, uint64_t ticks);  // util::cpu_ticks()
  void after_command(const command::Execution& execution) override;

  using Events = std::map<std::string, LatencySeries, std::less<>>;
  const Events& events() const { return events_; }
  const LatencySeries* find(std::string_view event) const;
  size_t clear();
  bool clear(std::string_view event);

 private:
  util::Clock& clock_;
  Events events_;
};

}  // namespace introspection
