// SPDX-License-Identifier: MIT
#include "shared/util/random.h"

#include <bit>
#include <random>

namespace util {

namespace {

uint64_t split_mix(uint64_t& state) {
  uint64_t z = (state += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

uint64_t system_seed() {
  std::random_device device;
  return (uint64_t{device()} << 32) | device();
}

}  // namespace

Random::Random() : Random(system_seed()) {}

Random::Random(uint64_t seed) {
  for (uint64_t& word : state_) word = split_mix(seed);
}

uint64_t Random::next() noexcept {
  const uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

uint64_t Random::below(uint64_t bound) noexcept {
  // Rejects the few values that would favour small results: -bound % bound of them.
  const uint64_t excess = (0 - bound) % bound;
  uint64_t value = next();
  while (value < excess) value = next();
  return value % bound;
}

std::string random_hex(size_t digits) {
  std::random_device device;
  std::string text(digits, '0');
  for (char& c : text) c = "0123456789abcdef"[device() & 15];
  return text;
}

}  // namespace util
