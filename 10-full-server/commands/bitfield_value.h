// SPDX-License-Identifier: MIT
//
// Integers of 1 to 64 bits anywhere in a row of bits, the highest bit first, and what becomes of one that does not fit. Pure
// functions.
#pragma once

#include <cstdint>
#include <string_view>

namespace full_server {

struct FieldType {
  bool is_signed = false;
  unsigned width = 0;  // bits: 1 to 64, unsigned 1 to 63
};

// What lies behind the end reads as zeros. The result fits the type.
int64_t read_field(std::string_view bytes, uint64_t offset, FieldType type);
// Writes the lowest bits of the value. REQUIRES: there are so many bytes.
void write_field(char* bytes, uint64_t offset, FieldType type, int64_t value);

enum class Overflow : uint8_t { Wrap, Saturate, Fail };

struct FieldSum {
  int64_t value = 0;  // as it is to be stored
  bool fits = true;   // false: it was wrapped or saturated, or must not be stored (Fail)
};

// value + increment, where `value` fits the type.
FieldSum add_to_field(int64_t value, int64_t increment, FieldType type, Overflow overflow);
// A value of which it is not known whether it fits. An unsigned field takes a negative one for a huge one; a signed one
// narrower than 64 bits saturates at its highest value, as in Redis, when the difference to that has more than 63 bits.
FieldSum fit_field(int64_t value, FieldType type, Overflow overflow);

}  // namespace full_server
