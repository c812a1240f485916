// SPDX-License-Identifier: MIT
//
// What an entry's 24-bit eviction clock means, by the policy in force:
//
//   recency     | seconds, modulo 2^24                        |  when the key was last used
//   frequency   | minutes, modulo 2^16   | counter, 8 bits    |  how often, on a logarithmic scale
//
// The counter of a new key is kFreshCounter, so that it is not evicted before it had a chance. A use adds 1 with
// probability 1 / ((counter - kFreshCounter) × log_factor + 1): with the factor 10, about a million uses fill it. Every
// `decay_minutes` without a decay takes 1 away. The scale, the defaults and the probability are Redis'.
#pragma once

#include <algorithm>
#include <cstdint>

#include "shared/util/clock.h"
#include "shared/util/random.h"

namespace keyspace {

struct UsageClock {
  static constexpr uint32_t kMask = 0xffffff;
  static constexpr uint32_t kMinutesMask = 0xffff;
  static constexpr uint32_t kFreshCounter = 5;
  static constexpr uint32_t kMostCounter = 255;

  bool frequency = false;  // which of the two readings is in force
  int log_factor = 10;
  int decay_minutes = 1;  // 0: never

  static uint32_t minutes(util::UnixMs now) { return static_cast<uint32_t>(now / 60'000) & kMinutesMask; }

  // The clock of an entry that is made now.
  uint32_t fresh(util::UnixMs now) const {
    return frequency ? with_counter(now, kFreshCounter) : static_cast<uint32_t>(now / 1000) & kMask;
  }
  static uint32_t with_counter(util::UnixMs now, uint32_t counter) { return minutes(now) << 8 | counter; }

  // The counter as it stands now. REQUIRES: frequency
  uint32_t counter(uint32_t clock, util::UnixMs now) const {
    const uint32_t counter = clock & kMostCounter;
    if (decay_minutes == 0) return counter;
    const uint32_t idle = (minutes(now) - (clock >> 8)) & kMinutesMask;
    return counter - std::min(counter, idle / static_cast<uint32_t>(decay_minutes));
  }
  // The clock after one more use. REQUIRES: frequency
  uint32_t used(uint32_t clock, util::UnixMs now, util::Random& random) const {
    uint32_t counter = this->counter(clock, now);
    if (counter < kMostCounter) {
      const uint64_t above = counter - std::min(counter, kFreshCounter);
      if (random.below(above * static_cast<uint64_t>(log_factor) + 1) == 0) ++counter;
    }
    return with_counter(now, counter);
  }
};

}  // namespace keyspace
