// SPDX-License-Identifier: MIT
#include "10-full-server/hyperloglog/registers.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace hyperloglog {

namespace {

static_assert(std::endian::native == std::endian::little);
// MurmurHash2 in 64 bits, by Austin Appleby (public domain); words are little endian.
uint64_t murmur_hash(std::string_view text, uint64_t seed) {
  constexpr uint64_t kMultiplier = 0xc6a4a7935bd1e995;
  constexpr int kShift = 47;
  uint64_t hash = seed ^ (text.size() * kMultiplier);
  for (; text.size() >= sizeof(uint64_t); text.remove_prefix(sizeof(uint64_t))) {
    uint64_t word;
    std::memcpy(&word, text.data(), sizeof word);
    word *= kMultiplier;
    word ^= word >> kShift;
    hash = (hash ^ word * kMultiplier) * kMultiplier;
  }
  if (!text.empty()) {
    uint64_t rest = 0;
    std::memcpy(&rest, text.data(), text.size());
    hash = (hash ^ rest) * kMultiplier;
  }
  hash = (hash ^ hash >> kShift) * kMultiplier;
  return hash ^ hash >> kShift;
}

// The sums of Ertl's estimator for the registers at both ends of the scale; each stops when a term changes nothing more.
double sigma(double x) {
  if (x == 1) return std::numeric_limits<double>::infinity();
  double sum = x;
  double weight = 1;
  for (double before = -1; before != sum;) {
    x *= x;
    before = sum;
    sum += x * weight;
    weight += weight;
  }
  return sum;
}

double tau(double x) {
  if (x == 0 || x == 1) return 0;
  double sum = 1 - x;
  double weight = 1;
  for (double before = -1; before != sum;) {
    x = std::sqrt(x);
    before = sum;
    weight *= 0.5;
    sum -= (1 - x) * (1 - x) * weight;
  }
  return sum / 3;
}

}  // namespace

Pattern pattern_of(std::string_view element) {
  constexpr uint64_t kSeed = 0xadc83b19;
  const uint64_t hash = murmur_hash(element, kSeed);
  const uint64_t rest = hash >> kIndexBits | uint64_t{1} << (kLongestRun - 1);
  return {static_cast<uint32_t>(hash & (kRegisters - 1)),
          static_cast<uint8_t>(std::countr_zero(rest) + 1)};
}

Histogram histogram_of(const Registers& registers) {
  HistogramCounter counter;
  for (size_t i = 0; i < registers.size(); ++i) counter.add(i, registers[i]);
  return counter.sum();
}

uint64_t estimate(const Histogram& histogram) {
  constexpr double kAlpha = 0.721347520444481703680;  // 1 / (2 ln 2)
  constexpr auto kCount = static_cast<double>(kRegisters);
  double z = kCount * tau((kCount - histogram[kLongestRun]) / kCount);
  for (unsigned run = kLongestRun - 1; run >= 1; --run) z = (z + histogram[run]) * 0.5;
  z += kCount * sigma(histogram[0] / kCount);
  return static_cast<uint64_t>(std::llround(kAlpha * kCount * kCount / z));
}

}  // namespace hyperloglog
