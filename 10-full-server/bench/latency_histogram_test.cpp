// SPDX-License-Identifier: MIT
// The histogram against its model: a sorted vector of the same values.
#include "10-full-server/bench/latency_histogram.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "shared/testing/catch.h"

using bench::LatencyHistogram;

namespace {

std::uint64_t exact_percentile(const std::vector<std::uint64_t>& sorted, double percent) {
  const double wanted = std::ceil(percent / 100 * static_cast<double>(sorted.size()) - 1e-6);
  return sorted[std::max<std::size_t>(1, static_cast<std::size_t>(wanted)) - 1];
}

void check_against_model(std::vector<std::uint64_t> values) {
  LatencyHistogram histogram;
  for (const std::uint64_t value : values) histogram.record(value);
  std::sort(values.begin(), values.end());
  CHECK(histogram.count() == values.size());
  CHECK(histogram.max() == values.back());
  for (const double percent : {0.001, 1.0, 50.0, 90.0, 95.0, 99.0, 99.9, 99.99, 100.0}) {
    const std::uint64_t exact = exact_percentile(values, percent);
    const std::uint64_t measured = histogram.percentile(percent);
    INFO(percent << " % of " << values.size() << " values: " << measured << " for " << exact);
    CHECK(measured >= exact);
    CHECK(measured - exact <= exact / 128);
  }
}

}  // namespace

TEST_CASE("an empty histogram answers zero") {
  const LatencyHistogram histogram;
  CHECK(histogram.count() == 0);
  CHECK(histogram.percentile(50) == 0);
  CHECK(histogram.max() == 0);
  CHECK(histogram.mean() == 0);
}

TEST_CASE("percentiles agree with a sorted vector within a slot") {
  std::mt19937_64 random(20);
  for (const int bits : {3, 8, 9, 20, 33, 63}) {
    std::vector<std::uint64_t> values(5000);
    for (auto& value : values) value = random() >> (64 - bits);
    check_against_model(values);
  }
  std::lognormal_distribution<double> latencies(11, 1.2);
  std::vector<std::uint64_t> values(20000);
  for (auto& value : values) value = static_cast<std::uint64_t>(latencies(random));
  check_against_model(values);
}

TEST_CASE("both edges of every power of two keep the error bound") {
  for (int bit = 0; bit < 64; ++bit) {
    const std::uint64_t power = 1ULL << bit;
    for (const std::uint64_t value : {power - 1, power, power + 1}) {
      LatencyHistogram histogram;
      histogram.record(value);
      histogram.record(std::numeric_limits<std::uint64_t>::max());
      const std::uint64_t measured = histogram.percentile(50);
      CHECK(measured >= value);
      CHECK(measured - value <= value / 128);
    }
  }
}

TEST_CASE("recording many at once and merging equal recording one by one") {
  LatencyHistogram one_by_one;
  LatencyHistogram left;
  LatencyHistogram right;
  for (int i = 0; i < 64; ++i) one_by_one.record(1500);
  for (int i = 0; i < 36; ++i) one_by_one.record(90'000);
  left.record(1500, 64);
  right.record(90'000, 36);
  left.merge(right);
  CHECK(left.count() == 100);
  CHECK(left.max() == one_by_one.max());
  CHECK(left.mean() == one_by_one.mean());
  for (const double percent : {1.0, 64.0, 65.0, 100.0}) {
    CHECK(left.percentile(percent) == one_by_one.percentile(percent));
  }
}
