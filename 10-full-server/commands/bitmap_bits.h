// SPDX-License-Identifier: MIT
//
// What BITCOUNT, BITPOS and BITOP do to bytes, a word or more at a time. Bit 0 is the highest of the first byte, as a text is
// read. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace full_server {

// Both ends included. REQUIRES, here and below: first <= last < 8 * bytes.size().
struct BitRange {
  uint64_t first = 0;
  uint64_t last = 0;
};

uint64_t count_bits(std::string_view bytes);
uint64_t count_bits(std::string_view bytes, BitRange range);

// The first bit of this value.
std::optional<uint64_t> find_bit(std::string_view bytes, bool value, BitRange range);

enum class BitOperation : uint8_t { And, Or, Xor, Not };
// Writes `length` bytes, that of the longest source; shorter ones go on with zeros. Not takes one source, the others at least
// one.
void combine_bits(BitOperation operation, std::span<const std::string_view> sources, char* out,
                  size_t length);

}  // namespace full_server
