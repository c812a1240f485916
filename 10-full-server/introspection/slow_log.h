// SPDX-License-Identifier: MIT
//
// The last commands that took long, newest first, with arguments cut to what a person reads. A command that waited counts
// only the time in which it ran. The loop thread's alone. Source: SLOWLOG of Redis 7.2.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "shared/command/observer.h"
#include "shared/util/clock.h"

namespace introspection {

struct SlowLogEntry {
  int64_t id;
  int64_t time;  // Unix seconds
  int64_t microseconds;
  std::vector<std::string> arguments;
  std::string peer;
  std::string client_name;
};

class SlowLog final : public command::Observer {
 public:
  static constexpr size_t kMostArguments = 32;    // the last says how many more there were
  static constexpr size_t kLongestArgument = 128;

  explicit SlowLog(util::Clock& clock) : clock_(clock) {}

  int64_t slower_than = 10'000;  // microseconds; 0: every command; negative: none
  int64_t longest = 128;         // entries
  // What the executor is to be asked for.
  uint64_t from_ticks() const;

  void after_command(const command::Execution& execution) override;
  const std::deque<SlowLogEntry>& entries() const { return entries_; }
  void clear() { entries_.clear(); }

 private:
  void trim();

  util::Clock& clock_;
  int64_t next_id_ = 0;
  std::deque<SlowLogEntry> entries_;
};

}  // namespace introspection
