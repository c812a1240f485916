// SPDX-License-Identifier: MIT
// The arithmetic of a slot, with 7 bits of mantissa (m) behind the leading one:
//
//   value < 256:  slot = value
//   else:         e = bit_width(value) - 8;  value >> e is 1mmmmmmm, 128..255
//                 slot = 128 * e + (value >> e)
//
// The largest 64-bit value has e = 56, so 128 * 56 + 256 slots of 8 bytes: 58 KB.
#include "10-full-server/bench/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace bench {
namespace {

constexpr int kMantissaBits = 7;
constexpr std::uint64_t kLinear = 1ULL << (kMantissaBits + 1);
constexpr std::size_t kSlots = ((64 - kMantissaBits - 1) << kMantissaBits) + kLinear;

std::size_t slot_of(std::uint64_t value) {
  if (value < kLinear) return value;
  const int shift = static_cast<int>(std::bit_width(value)) - (kMantissaBits + 1);
  return (static_cast<std::size_t>(shift) << kMantissaBits) + (value >> shift);
}

std::uint64_t last_value_in(std::size_t slot) {
  if (slot < kLinear) return slot;
  const std::size_t shift = (slot >> kMantissaBits) - 1;
  const std::uint64_t leading = slot - (shift << kMantissaBits);
  return ((leading + 1) << shift) - 1;  // wraps to the largest value in the last slot, as it should
}

}  // namespace

LatencyHistogram::LatencyHistogram() : slots_(kSlots) {}

void LatencyHistogram::record(std::uint64_t value, std::uint64_t times) {
  slots_[slot_of(value)] += times;
  count_ += times;
  max_ = std::max(max_, times == 0 ? 0 : value);
  sum_ += static_cast<double>(value) * static_cast<double>(times);
}

void LatencyHistogram::merge(const LatencyHistogram& other) {
  for (std::size_t slot = 0; slot < kSlots; ++slot) slots_[slot] += other.slots_[slot];
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
  sum_ += other.sum_;
}

std::uint64_t LatencyHistogram::percentile(double percent) const {
  if (count_ == 0) return 0;
  // 99.9 % of 1000 is 999 values, though the product of the doubles is a hair above it.
  const double wanted = std::ceil(percent / 100 * static_cast<double>(count_) - 1e-6);
  const auto rank = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(wanted));
  std::uint64_t seen = 0;
  for (std::size_t slot = 0; slot < kSlots; ++slot) {
    seen += slots_[slot];
    if (seen >= rank) return std::min(last_value_in(slot), max_);
  }
  return max_;
}

double LatencyHistogram::mean() const {
  return count_ == 0 ? 0 : sum_ / static_cast<double>(count_);
}

}  // namespace bench
