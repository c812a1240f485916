// SPDX-License-Identifier: MIT
//
// A double's decimal digits with 64-bit integers alone: Grisu2 (F. Loitsch, "Printing Floating-Point
// Numbers Quickly and Accurately with Integers", PLDI 2010). The digits always read back as the same
// double; in 99.9 % of cases they are the fewest that do, and the closest. The others are why this
// is here: Redis prints by this algorithm, into replies, files and DUMP's payloads. Pure function.
#pragma once

namespace util {

// digits × 10^exponent; the first digit is not 0.
struct DecimalDigits {
  static constexpr int kMax = 20;
  char digits[kMax];
  int count = 0;
  int exponent = 0;
};

// REQUIRES: `magnitude` is finite and greater than 0.
DecimalDigits grisu2(double magnitude) noexcept;

}  // namespace util
