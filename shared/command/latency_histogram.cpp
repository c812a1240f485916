// SPDX-License-Identifier: MIT
#include "shared/command/latency_histogram.h"

namespace command {

uint64_t LatencyHistogram::lowest(size_t index) {
  const size_t shift = index < 2 * kHalf ? 0 : (index >> kHalfBits) - 1;
  return static_cast<uint64_t>(index - (shift << kHalfBits)) << shift;
}

uint64_t LatencyHistogram::at_percentile(double percent) const {
  const double share = std::clamp(percent, 0.0, 100.0) / 100;
  const auto wanted = std::max<uint64_t>(static_cast<uint64_t>(share * static_cast<double>(total_) + 0.5), 1);
  uint64_t seen = 0;
  for (size_t i = 0; i < counts_.size(); ++i) {
    seen += counts_[i];
    if (seen >= wanted) return percent == 0 ? lowest(i) : highest(i);
  }
  return 0;
}

void LatencyHistogram::for_each(util::FunctionRef<void(uint64_t, uint64_t)> visit) const {
  for (size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] != 0) visit(highest(i), counts_[i]);
  }
}

}  // namespace command
