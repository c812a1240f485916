// SPDX-License-Identifier: MIT
//
// Time as the server sees it. Deadlines are wall-clock milliseconds, because they outlive the
// process (log, snapshot, replicas); durations are measured on the monotonic clock, which never
// jumps. Tests pass a clock that they turn by hand.
#pragma once

#include <cstdint>

namespace util {

using UnixMs = int64_t;  // milliseconds since 1970-01-01 UTC

class Clock {
 public:
  virtual ~Clock() = default;
  virtual UnixMs wall_ms() = 0;
  virtual int64_t wall_us() = 0;
  virtual int64_t monotonic_us() = 0;

  static Clock& system();
};

// A cheap counter for statistics: the CPU's time stamp where there is one. Scaled by
// ticks_per_us().
uint64_t cpu_ticks() noexcept;
double ticks_per_us();  // measured once, on first use (about 2 ms)

}  // namespace util
