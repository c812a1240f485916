// SPDX-License-Identifier: MIT
//
// One element as listpacks (listpack.h) and the chunks of a long list (list_chunk.h) hold it:
//
//   | encoding and length | text or integer | length of what is before this field |
//
//   0xxxxxxx            0 … 127                 11110001 + 2 bytes   16-bit integer, little endian
//   10llllll  text      up to 63 bytes          11110010 + 3         24-bit
//   110xxxxx xxxxxxxx   13-bit integer          11110011 + 4         32-bit
//   1110llll llllllll   text up to 4095 bytes   11110100 + 8         64-bit
//   11110000 + 4        longer text             11111111             the end, not an entry
//
// The last field is read backwards: 7 bits a byte, the lowest in the last byte, a high bit where
// one more precedes. So entries can be walked in both directions. Text that is a canonical integer
// becomes one.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include "shared/util/numbers.h"

namespace types {

// An element, text or number, that lies in a listpack or chunk and is valid until that changes.
class PackedValue {
 public:
  struct Scratch {
    char digits[util::kMaxInt64Digits];
  };

  explicit PackedValue(std::string_view text) : text_(text.data()), length_(text.size()) {}
  explicit PackedValue(int64_t number) : number_(number) {}

  bool is_number() const { return text_ == nullptr; }
  int64_t number() const { return number_; }  // REQUIRES: is_number()

  // The element's text; a number is printed into `scratch`, which must outlive the result.
  std::string_view text(Scratch& scratch) const {
    if (!is_number()) return {text_, length_};
    return {scratch.digits, util::format_int64(number_, scratch.digits)};
  }

 private:
  const char* text_ = nullptr;
  union {
    size_t length_;
    int64_t number_;
  };
};

// What elements are compared with: parsed once, not once an element.
class PackedNeedle {
 public:
  explicit PackedNeedle(std::string_view text) : text_(text), number_(util::parse_int64(text)) {}
  bool matches(PackedValue value) const {
    if (value.is_number()) return number_.has_value() && *number_ == value.number();
    PackedValue::Scratch unused;
    return value.text(unused) == text_;
  }

 private:
  std::string_view text_;
  std::optional<int64_t> number_;
};

// An element on its way into a listpack. The text must outlive it.
class EntryWriter {
 public:
  explicit EntryWriter(std::string_view text);  // REQUIRES: shorter than 4 GB
  explicit EntryWriter(int64_t number) { encode(number); }

  size_t size() const { return size_; }
  void write(uint8_t* out) const;  // exactly size() bytes

 private:
  void encode(int64_t number);
  void finish(size_t head_size);

  uint8_t head_[9];  // encoding, and the length or the integer
  uint8_t head_size_ = 0;
  std::string_view text_;
  size_t size_ = 0;
};

inline constexpr uint8_t kListpackEnd = 0xff;

// Bytes of the field behind an entry whose other fields take `body` bytes. (The limits are one
// lower than seven bits a byte would need; Redis' files have them so.)
inline size_t backlen_size(uint64_t body) {
  if (body <= 127) return 1;
  return body < 16383 ? 2 : body < 2097151 ? 3 : body < 268435455 ? 4 : 5;
}

// Everything below reads entries that are known to be sound, but for checked_entry_size().

inline uint64_t read_little_endian(const uint8_t* at, size_t bytes) {
  uint64_t value = 0;
  for (size_t i = 0; i < bytes; ++i) value |= uint64_t{at[i]} << 8 * i;
  return value;
}

// Bytes of an entry without its last field; 0: no entry begins with this byte.
inline uint64_t entry_body_size(const uint8_t* at) {
  const uint8_t first = at[0];
  if (first < 0x80) return 1;
  if (first < 0xc0) return uint64_t{1} + (first & 0x3f);
  if (first < 0xe0) return 2;
  if (first < 0xf0) return uint64_t{2} + (uint64_t{first & 0x0fU} << 8 | at[1]);
  if (first == 0xf0) return 5 + read_little_endian(at + 1, 4);
  return first <= 0xf3 ? uint64_t{first} - 0xf1 + 3 : first == 0xf4 ? 9 : 0;
}

inline uint64_t entry_size(const uint8_t* at) {
  const uint64_t body = entry_body_size(at);
  return body + backlen_size(body);
}

PackedValue entry_value(const uint8_t* at);

// The entry that ends where `end` points to. REQUIRES: there is one.
inline const uint8_t* entry_before(const uint8_t* end) {
  uint64_t body = 0;
  const uint8_t* at = end - 1;
  for (int shift = 0;; shift += 7, --at) {
    body |= uint64_t{*at & 0x7fU} << shift;
    if ((*at & 0x80) == 0) break;
  }
  return end - backlen_size(body) - body;
}

// The size of an entry that nobody has checked yet, with `room` readable bytes; 0: it is none, is
// longer than `room`, or its last field disagrees with its first.
size_t checked_entry_size(const uint8_t* at, size_t room);

}  // namespace types
