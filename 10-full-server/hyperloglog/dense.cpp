// SPDX-License-Identifier: MIT
#include "10-full-server/hyperloglog/dense.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace hyperloglog {

namespace {

// Eight registers fill six bytes.
constexpr size_t kGroup = 8, kGroupBytes = kGroup * kRegisterBits / 8;

static_assert(std::endian::native == std::endian::little);
uint64_t load_group(const char* at) {
  uint32_t low;
  uint16_t high;  // together six bytes: an eight-byte load would read beyond the last group
  std::memcpy(&low, at, sizeof low);
  std::memcpy(&high, at + sizeof low, sizeof high);
  return low | uint64_t{high} << 32;
}

uint8_t register_of(uint64_t group, size_t number) {
  return static_cast<uint8_t>(group >> number * kRegisterBits & kHighestValue);
}

// A register lies in one byte or in two; the last one of a group never reaches beyond it.
struct Place {
  explicit Place(uint32_t index)
      : byte(index * kRegisterBits / 8), shift(index * kRegisterBits % 8) {}
  bool in_two() const { return shift > 8 - kRegisterBits; }
  size_t byte;
  unsigned shift;
};

}  // namespace

uint8_t dense_get(const char* registers, uint32_t index) {
  const Place place(index);
  unsigned bits = static_cast<uint8_t>(registers[place.byte]);
  if (place.in_two())
    bits |= static_cast<unsigned>(static_cast<uint8_t>(registers[place.byte + 1])) << 8;
  return static_cast<uint8_t>(bits >> place.shift & kHighestValue);
}

void dense_set(char* registers, uint32_t index, uint8_t value) {
  const Place place(index);
  const unsigned keep = ~(kHighestValue << place.shift);
  const unsigned bits = static_cast<unsigned>(value) << place.shift;
  char* const at = registers + place.byte;
  at[0] = static_cast<char>((static_cast<uint8_t>(at[0]) & keep) | bits);
  if (place.in_two()) {
    at[1] = static_cast<char>((static_cast<uint8_t>(at[1]) & keep >> 8) | bits >> 8);
  }
}

bool dense_raise(char* registers, uint32_t index, uint8_t value) {
  if (dense_get(registers, index) >= value) return false;
  dense_set(registers, index, value);
  return true;
}

Histogram dense_histogram(const char* registers) {
  HistogramCounter counter;
  for (size_t at = 0; at < kDenseBytes; at += kGroupBytes) {
    const uint64_t group = load_group(registers + at);
    for (size_t i = 0; i < kGroup; ++i) counter.add(i, register_of(group, i));
  }
  return counter.sum();
}

void dense_merge(const char* registers, Registers& into) {
  uint8_t* out = into.data();
  for (size_t at = 0; at < kDenseBytes; at += kGroupBytes, out += kGroup) {
    const uint64_t group = load_group(registers + at);
    for (size_t i = 0; i < kGroup; ++i) out[i] = std::max(out[i], register_of(group, i));
  }
}

}  // namespace hyperloglog
