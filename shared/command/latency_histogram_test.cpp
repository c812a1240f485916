// SPDX-License-Identifier: MIT
#include "shared/command/latency_histogram.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "shared/testing/catch.h"
#include "shared/util/random.h"

namespace command {

TEST_CASE("latency histogram: small values are exact, large ones to within 1/128") {
  for (const uint64_t value : {1ull, 2ull, 255ull, 256ull, 1000ull, 123'456ull, 999'999'999ull}) {
    LatencyHistogram histogram;
    histogram.record(value);
    const uint64_t seen = histogram.at_percentile(50);
    CHECK(seen >= value);
    CHECK(seen - value <= value / 128);
    CHECK(histogram.at_percentile(0) <= value);
  }
}

TEST_CASE("latency histogram: nothing is lost beyond the ends") {
  LatencyHistogram histogram;
  histogram.record(0);
  histogram.record(LatencyHistogram::kMost * 5);
  CHECK(histogram.total() == 2);
  CHECK(histogram.at_percentile(0) == 1);
  CHECK(histogram.at_percentile(100) >= LatencyHistogram::kMost);
}

TEST_CASE("latency histogram: percentiles agree with the sorted values") {
  util::Random random(7);
  LatencyHistogram histogram;
  std::vector<uint64_t> values;
  for (int i = 0; i < 10'000; ++i) {
    values.push_back(1 + random.below(50'000'000) / (1 + random.below(1000)));
    histogram.record(values.back());
  }
  std::sort(values.begin(), values.end());
  for (const double percent : {1.0, 10.0, 50.0, 99.0, 99.9, 100.0}) {
    const auto rank = static_cast<size_t>(percent / 100 * 10'000 + 0.5);
    const uint64_t exact = values[std::max<size_t>(rank, 1) - 1];
    CHECK(histogram.at_percentile(percent) >= exact);
    CHECK(histogram.at_percentile(percent) <= exact + exact / 64);
  }
  uint64_t counted = 0, last = 0;
  histogram.for_each([&](uint64_t highest, uint64_t count) {
    CHECK(highest > last);
    last = highest;
    counted += count;
  });
  CHECK(counted == 10'000);
}

}  // namespace command
