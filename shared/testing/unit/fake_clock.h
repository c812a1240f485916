// SPDX-License-Identifier: MIT
//
// A clock that tests turn by hand. It stands still between two calls, so a deadline is met exactly
// when the test says so. Loop thread only, like whatever reads it.
#pragma once

#include <cstdint>

#include "shared/util/clock.h"

namespace testing {

class FakeClock final : public util::Clock {
 public:
  static constexpr util::UnixMs kStart = 1'700'000'000'000;  // 2023-11-14 22:13:20 UTC

  util::UnixMs wall_ms() override { return wall_us_ / 1000; }
  int64_t wall_us() override { return wall_us_; }
  int64_t monotonic_us() override { return monotonic_us_; }

  // Time passes, on both clocks.
  void advance_ms(int64_t ms) { advance_us(ms * 1000); }
  void advance_us(int64_t us) {
    wall_us_ += us;
    monotonic_us_ += us;
  }
  // Somebody sets the machine's clock: only the wall clock jumps.
  void set_wall_ms(util::UnixMs now) { wall_us_ = now * 1000; }

 private:
  int64_t wall_us_ = kStart * 1000;
  int64_t monotonic_us_ = 1'000'000;
};

}  // namespace testing
