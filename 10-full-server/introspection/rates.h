// SPDX-License-Identifier: MIT
//
// How fast a counter grows: the mean of the last sixteen samples, taken by a periodic job. The loop thread's alone.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace introspection {

class Rate {
 public:
  // `value` and `base` only ever grow, but for a restart at 0. The first sample is where the next begins.
  void sample(int64_t value, int64_t base) {
    if (last_base_ > 0 && base > last_base_) {
      const int64_t grown = value >= last_value_ ? value - last_value_ : value;
      samples_[next_] = static_cast<double>(grown) / static_cast<double>(base - last_base_);
      next_ = (next_ + 1) % samples_.size();
    }
    last_value_ = value;
    last_base_ = base;
  }
  // Growth of the value for each unit of the base.
  double mean() const {
    double sum = 0;
    for (const double each : samples_) sum += each;
    return sum / static_cast<double>(samples_.size());
  }
  // What was measured is forgotten. The next sample is a first one again: counted from now, it would stand for the short
  // while until the periodic job comes, and weigh as much as a whole period.
  void forget() {
    samples_ = {};
    last_base_ = 0;
  }

 private:
  std::array<double, 16> samples_ = {};
  size_t next_ = 0;
  int64_t last_value_ = 0;
  int64_t last_base_ = 0;
};

}  // namespace introspection
