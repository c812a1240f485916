// SPDX-License-Identifier: MIT
// A log-linear histogram of latencies, after HdrHistogram. Values below 256 have a slot each;
// above, every power of two is cut into 128 equal slots, so a percentile is never under the true
// value and never more than 1/128 (0.8 %) over it. Units are the caller's (the load generator uses
// nanoseconds). Recording is one array increment; no allocation after construction. Not
// thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bench {

class LatencyHistogram {
 public:
  LatencyHistogram();

  void record(std::uint64_t value, std::uint64_t times = 1);
  void merge(const LatencyHistogram& other);

  // The smallest recorded value v such that at least `percent` % of all values are <= v, rounded up
  // to the end of v's slot, but never past max(). 0 when nothing was recorded. 0 < percent <= 100.
  [[nodiscard]] std::uint64_t percentile(double percent) const;
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::uint64_t max() const { return max_; }
  [[nodiscard]] double mean() const;

 private:
  std::vector<std::uint64_t> slots_;
  std::uint64_t count_ = 0;
  std::uint64_t max_ = 0;
  double sum_ = 0;
};

}  // namespace bench
