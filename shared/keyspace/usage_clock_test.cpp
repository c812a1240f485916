// SPDX-License-Identifier: MIT
#include "shared/keyspace/usage_clock.h"

#include "shared/testing/catch.h"

namespace keyspace {

constexpr util::UnixMs kMinute = 60'000;

TEST_CASE("usage clock: recency is seconds, modulo 24 bits") {
  const UsageClock usage;
  CHECK(usage.fresh(5'999) == 5);
  CHECK(usage.fresh(util::UnixMs{0x1000001} * 1000) == 1);
}

TEST_CASE("usage clock: a new key starts at 5 and loses one a minute") {
  const UsageClock usage{.frequency = true};
  const uint32_t clock = usage.fresh(100 * kMinute);
  CHECK(usage.counter(clock, 100 * kMinute) == 5);
  CHECK(usage.counter(clock, 103 * kMinute) == 2);
  CHECK(usage.counter(clock, 1000 * kMinute) == 0);
}

TEST_CASE("usage clock: the decay time stretches it, 0 stops it; minutes begin anew after 16 bits") {
  UsageClock usage{.frequency = true, .decay_minutes = 10};
  const uint32_t clock = UsageClock::with_counter(0xfffe * kMinute, 100);
  CHECK(usage.counter(clock, (0xfffe + 9) * kMinute) == 100);
  CHECK(usage.counter(clock, (0xfffe + 25) * kMinute) == 98);
  usage.decay_minutes = 0;
  CHECK(usage.counter(clock, (0xfffe + 25'000) * kMinute) == 100);
}

static uint32_t after(int uses, int log_factor) {
  const UsageClock usage{.frequency = true, .log_factor = log_factor};
  util::Random random(5);
  uint32_t clock = usage.fresh(0);
  for (int i = 0; i < uses; ++i) clock = usage.used(clock, 0, random);
  return usage.counter(clock, 0);
}

// Redis' table of the factor and the uses says 10, 18, 142 and 255 for the factor 10.
TEST_CASE("usage clock: the counter grows with the logarithm of the uses") {
  CHECK(after(1, 10) == 6);
  CHECK((after(100, 10) >= 7 && after(100, 10) <= 13));
  CHECK((after(1000, 10) >= 14 && after(1000, 10) <= 24));
  CHECK((after(100'000, 10) >= 120 && after(100'000, 10) <= 165));
  CHECK(after(2'000'000, 10) == 255);
  CHECK(after(300, 0) == 255);
}

}  // namespace keyspace
