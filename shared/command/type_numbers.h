// SPDX-License-Identifier: MIT
//
// Numbers types, so that what is looked up by type lies in an array: the first type that asks gets 0, the next one 1.
// Each Family counts by itself. Any thread may ask.
#pragma once

#include <atomic>
#include <cstddef>

namespace command {

template <class Family>
class TypeNumbers {
 public:
  template <class T>
  static size_t of() {
    static const size_t mine = count_++;
    return mine;
  }

 private:
  static inline std::atomic<size_t> count_{0};
};

}  // namespace command
