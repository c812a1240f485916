// SPDX-License-Identifier: MIT
//
// How long one command took, in nanoseconds, to two decimal digits: HdrHistogram's layout. Values below 256 have a bucket
// each; above, every doubling is cut into 128 buckets, so a bucket is never wider than 1/128 of what it holds.
//
//   value  = 1 xxxxxxx yyyy…     the seven digits behind the leading one choose the bucket, the y are forgotten
//
// 24 KB; up to one second, what took longer counts as that. Source: Gil Tene, HdrHistogram.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "shared/util/function_ref.h"

namespace command {

class LatencyHistogram {
 public:
  static constexpr uint64_t kMost = 1'000'000'000;

  void record(uint64_t nanoseconds) {
    ++counts_[index_of(std::clamp<uint64_t>(nanoseconds, 1, kMost))];
    ++total_;
  }
  uint64_t total() const { return total_; }
  // The value below or at which `percent` of all are: the largest that falls into the same bucket (for 0: the smallest).
  uint64_t at_percentile(double percent) const;
  // Each bucket that is not empty, in ascending order: the largest value in it, and how many were recorded.
  void for_each(util::FunctionRef<void(uint64_t highest, uint64_t count)> visit) const;

 private:
  static constexpr unsigned kHalfBits = 7;
  static constexpr size_t kHalf = size_t{1} << kHalfBits;
  static size_t index_of(uint64_t value) {
    const unsigned shift = static_cast<unsigned>(std::bit_width(value | (2 * kHalf - 1))) - (kHalfBits + 1);
    return (static_cast<size_t>(shift) << kHalfBits) + static_cast<size_t>(value >> shift);
  }
  static uint64_t lowest(size_t index);
  static uint64_t highest(size_t index) { return lowest(index + 1) - 1; }

  uint64_t total_ = 0;
  std::array<uint64_t, 24 * kHalf> counts_ = {};
};

}  // namespace command
