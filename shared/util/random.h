// SPDX-License-Identifier: MIT
//
// Pseudo-random numbers (xoshiro256**, Blackman and Vigna 2018) for sampling keys and jitter; not
// for secrets. One generator per owner; seeded from the system unless a test gives a seed.
// random_hex() is for run ids.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace util {

class Random {
 public:
  Random();  // seeded from the operating system
  explicit Random(uint64_t seed);

  uint64_t next() noexcept;
  // Uniform in [0, bound); bound > 0.
  uint64_t below(uint64_t bound) noexcept;

 private:
  uint64_t state_[4];
};

// `digits` lower-case hexadecimal digits from the operating system's generator.
std::string random_hex(size_t digits);

}  // namespace util
