// SPDX-License-Identifier: MIT
// The pacer with a made-up time: what is due, when it stops, and that no stall is hidden.
#include "10-full-server/bench/pacer.h"

#include "shared/testing/catch.h"

using bench::Nanoseconds;
using bench::Pace;
using bench::Pacer;

namespace {

constexpr Nanoseconds kMs = 1'000'000;

}  // namespace

TEST_CASE("a closed loop sends a pipeline when all its replies have come") {
  Pacer pacer(Pace{.lanes = 2, .pipeline = 4, .requests = 10, .duration = 0, .rate = 0});
  CHECK(pacer.claim(0, 0) == 4);
  CHECK(pacer.claim(0, 1) == 0);
  CHECK(pacer.claim(1, 1) == 4);
  pacer.complete(0, 3, 5 * kMs);
  CHECK(pacer.claim(0, 5 * kMs) == 0);
  pacer.complete(0, 1, 6 * kMs);
  CHECK(pacer.claim(0, 6 * kMs) == 2);  // the limit of 10
  pacer.complete(1, 4, 7 * kMs);
  CHECK(pacer.claim(1, 7 * kMs) == 0);
  CHECK_FALSE(pacer.finished(7 * kMs));
  pacer.complete(0, 2, 8 * kMs);
  CHECK(pacer.finished(8 * kMs));
  CHECK(pacer.completed() == 10);
  CHECK(pacer.latencies().max() == 7 * kMs - 1);
}

TEST_CASE("a closed loop ends at its time, after the replies in flight") {
  Pacer pacer(Pace{.lanes = 1, .pipeline = 1, .requests = 0, .duration = 10 * kMs, .rate = 0});
  CHECK(pacer.claim(0, 9 * kMs) == 1);
  CHECK_FALSE(pacer.finished(11 * kMs));
  pacer.complete(0, 1, 11 * kMs);
  CHECK(pacer.claim(0, 11 * kMs) == 0);
  CHECK(pacer.finished(11 * kMs));
}

TEST_CASE("at a fixed rate the lanes take turns") {
  Pacer pacer(Pace{.lanes = 3, .pipeline = 100, .requests = 7, .duration = 0, .rate = 1000});
  CHECK(pacer.due(0) == 1);
  CHECK(pacer.claim(0, 0) == 1);
  CHECK(pacer.claim(1, 0) == 0);
  CHECK(pacer.claim(1, 1 * kMs) == 1);
  CHECK(pacer.claim(2, 1 * kMs) == 0);
  CHECK(pacer.claim(2, 5 * kMs) == 2);  // 2 and 5
  CHECK(pacer.claim(0, 9 * kMs) == 2);  // 3 and 6; the limit of 7 cuts the rest
  CHECK(pacer.claim(1, 9 * kMs) == 1);  // 4
  CHECK(pacer.due(9 * kMs) == 7);
  CHECK(pacer.sent() == 7);
}

TEST_CASE("a stall is charged to every request that it held up") {
  Pacer pacer(Pace{.lanes = 1, .pipeline = 1, .requests = 100, .duration = 0, .rate = 1000});
  // The server answers each request in no time, but stops for 50 ms after the tenth.
  Nanoseconds now = 0;
  for (int i = 0; i < 10; ++i, now += kMs) {
    REQUIRE(pacer.claim(0, now) == 1);
    pacer.complete(0, 1, now);
  }
  now += 50 * kMs;
  while (!pacer.finished(now)) {
    if (pacer.claim(0, now) == 0) {
      now += kMs;
      continue;
    }
    pacer.complete(0, 1, now);
  }
  // Measured from the sending, every latency would be 0. The 50 requests due in the stall waited
  // 50, 49, … 1 ms.
  CHECK(pacer.latencies().count() == 100);
  CHECK(pacer.latencies().max() == 50 * kMs);
  CHECK(pacer.latencies().percentile(49) == 0);
  CHECK(pacer.latencies().percentile(75) >= 25 * kMs);
  CHECK(pacer.latencies().percentile(75) <= 26 * kMs);
}

TEST_CASE("requests that were due and never sent are known") {
  Pacer pacer(Pace{.lanes = 1, .pipeline = 1, .requests = 0, .duration = 10 * kMs, .rate = 1000});
  CHECK(pacer.claim(0, 0) == 1);
  pacer.complete(0, 1, 12 * kMs);
  CHECK(pacer.claim(0, 12 * kMs) == 0);
  CHECK(pacer.finished(12 * kMs));
  CHECK(pacer.due(10 * kMs - 1) - pacer.sent() == 9);
}
