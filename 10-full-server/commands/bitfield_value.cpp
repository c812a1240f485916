// SPDX-License-Identifier: MIT
#include "10-full-server/commands/bitfield_value.h"

#include <algorithm>

namespace full_server {

namespace {

enum class Excess : uint8_t { None, Above, Below };

uint64_t low_bits(unsigned width) {
  return width == 64 ? ~uint64_t{0} : (uint64_t{1} << width) - 1;
}

// The lowest bits, read as the type reads them.
int64_t truncated(uint64_t bits, FieldType type) {
  bits &= low_bits(type.width);
  const uint64_t sign = uint64_t{1} << (type.width - 1);
  if (type.is_signed && (bits & sign) != 0) bits |= ~low_bits(type.width);
  return static_cast<int64_t>(bits);
}

int64_t highest(FieldType type) {
  return static_cast<int64_t>(low_bits(type.is_signed ? type.width - 1 : type.width));
}
int64_t lowest(FieldType type) { return type.is_signed ? -highest(type) - 1 : 0; }

// `bits`: the exact result's lowest 64.
FieldSum limited(uint64_t bits, Excess excess, FieldType type, Overflow overflow) {
  if (excess == Excess::None) return {static_cast<int64_t>(bits), true};
  if (overflow == Overflow::Saturate)
    return {excess == Excess::Above ? highest(type) : lowest(type), false};
  return {truncated(bits, type), false};
}

}  // namespace

int64_t read_field(std::string_view bytes, uint64_t offset, FieldType type) {
  uint64_t bits = 0;
  for (unsigned left = type.width; left > 0;) {
    const auto skipped = static_cast<unsigned>(offset % 8);
    const unsigned taken = std::min(8 - skipped, left);
    const unsigned byte = offset / 8 < bytes.size() ? static_cast<uint8_t>(bytes[offset / 8]) : 0U;
    bits = bits << taken | (byte >> (8 - skipped - taken) & low_bits(taken));
    offset += taken;
    left -= taken;
  }
  return truncated(bits, type);
}

void write_field(char* bytes, uint64_t offset, FieldType type, int64_t value) {
  const auto bits = static_cast<uint64_t>(value);
  for (unsigned left = type.width; left > 0;) {
    const auto skipped = static_cast<unsigned>(offset % 8);
    const unsigned taken = std::min(8 - skipped, left);
    const unsigned shift = 8 - skipped - taken;
    const uint64_t mask = low_bits(taken) << shift;
    const uint64_t piece = bits >> (left - taken) << shift & mask;
    char& byte = bytes[offset / 8];
    byte = static_cast<char>((static_cast<uint8_t>(byte) & ~mask) | piece);
    offset += taken;
    left -= taken;
  }
}

FieldSum add_to_field(int64_t value, int64_t increment, FieldType type, Overflow overflow) {
  const uint64_t bits = static_cast<uint64_t>(value) + static_cast<uint64_t>(increment);
  int64_t sum = 0;
  Excess excess = Excess::None;
  if (__builtin_add_overflow(value, increment, &sum)) {
    excess = increment > 0 ? Excess::Above : Excess::Below;
  } else if (sum > highest(type)) {
    excess = Excess::Above;
  } else if (sum < lowest(type)) {
    excess = Excess::Below;
  }
  return limited(bits, excess, type, overflow);
}

// Further below the highest value than 64 bits can tell: Redis takes that for an excess above, and saturates there.
static bool is_far_below(int64_t value, FieldType type) {
  int64_t distance = 0;
  return __builtin_sub_overflow(highest(type), value, &distance);
}

FieldSum fit_field(int64_t value, FieldType type, Overflow overflow) {
  Excess excess = Excess::None;
  if (type.is_signed) {
    if (value > highest(type)) excess = Excess::Above;
    if (value < lowest(type)) excess = is_far_below(value, type) ? Excess::Above : Excess::Below;
  } else if (static_cast<uint64_t>(value) > static_cast<uint64_t>(highest(type))) {
    excess = Excess::Above;
  }
  return limited(static_cast<uint64_t>(value), excess, type, overflow);
}

}  // namespace full_server
