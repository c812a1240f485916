// SPDX-License-Identifier: MIT
#include "shared/util/clock.h"

#include <chrono>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace util {

namespace {

class SystemClock final : public Clock {
 public:
  UnixMs wall_ms() override { return wall_us() / 1000; }
  int64_t wall_us() override {
    return std::chrono::duration_cast<std::chrono::microseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  }
  int64_t monotonic_us() override {
    return std::chrono::duration_cast<std::chrono::microseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
  }
};

double measure_ticks_per_us() {
  Clock& clock = Clock::system();
  const int64_t start = clock.monotonic_us();
  const uint64_t ticks = cpu_ticks();
  int64_t now = start;
  while (now - start < 2000) now = clock.monotonic_us();
  return static_cast<double>(cpu_ticks() - ticks) / static_cast<double>(now - start);
}

}  // namespace

Clock& Clock::system() {
  static SystemClock clock;
  return clock;
}

uint64_t cpu_ticks() noexcept {
#if defined(__x86_64__)
  return __rdtsc();
#else
  return static_cast<uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
#endif
}

double ticks_per_us() {
  static const double ticks = measure_ticks_per_us();
  return ticks;
}

}  // namespace util
