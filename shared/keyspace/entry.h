// SPDX-License-Identifier: MIT
//
// A key and its value in one allocation behind an 8-byte header:
//
//   | type:4 encoding:4 | flags | eviction clock, 3 bytes | key length | value length | 0 |
//   | deadline, 8 bytes, if kHasDeadline | word, 8 bytes, if kHasWord | key length, 8 bytes, if 255 | key | value |
//
// A string lies inline up to kMaxInline bytes; an integer is the word itself; a longer string is a Blob behind the word;
// a collection is an 8-byte handle in the word. A 16-byte key with 8 bytes of value is 32 bytes, one size class of the
// allocator; a deadline makes it 40 (class 48).
// Entries belong to a Keyspace, which alone creates, moves and destroys them; an Entry* is valid until the next change of
// that key. One thread.
#pragma once

#include <cstdint>
#include <cstring>
#include <limits>
#include <string_view>

#include "shared/util/blob.h"
#include "shared/util/clock.h"
#include "shared/util/numbers.h"

namespace keyspace {

using util::UnixMs;
// No deadline. (The lowest number, since a client may ask for the highest one, and for this one only to delete at once.)
inline constexpr UnixMs kNever = std::numeric_limits<UnixMs>::min();

// Redis' own numbers, as RDB files and MODULE types know them.
enum class TypeId : uint8_t { String = 0, List = 1, Set = 2, SortedSet = 3, Hash = 4, Module = 5, Stream = 6 };

enum class StringEncoding : uint8_t { Integer = 0, Embedded = 1, Raw = 2 };

class Entry {
 public:
  static constexpr size_t kMaxInline = 192;
  static constexpr size_t kMaxEmbedded = 44;  // longer strings are "raw" to OBJECT ENCODING, as in Redis

  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;

  // What an entry is made of; create() copies the key and text.
  struct Parts {
    std::string_view key = {};
    UnixMs deadline = kNever;
    TypeId type = TypeId::String;
    uint8_t encoding = 0;
    bool has_word = false;
    bool word_is_blob = false;
    uint64_t word = 0;
    std::string_view text = {};  // inline value; only without a word
    uint32_t clock = 0;
  };
  static Entry* create(const Parts& parts);
  // A string in the shape that fits it best: integer, inline or blob.
  static Entry* create_string(std::string_view key, std::string_view value, UnixMs deadline, uint32_t clock);
  static void destroy(Entry* entry);  // frees a blob; a collection's handle must have been destroyed

  TypeId type() const { return static_cast<TypeId>(type_encoding_ & 15); }
  uint8_t encoding() const { return type_encoding_ >> 4; }
  void set_encoding(uint8_t encoding) { type_encoding_ = static_cast<uint8_t>((type_encoding_ & 15) | encoding << 4); }

  std::string_view key() const {
    const char* at = body();
    if (key_length_ != kLong) [[likely]] return {at, key_length_};
    uint64_t length;
    std::memcpy(&length, at, sizeof length);
    return {at + sizeof length, length};
  }

  bool has_deadline() const { return (flags_ & kHasDeadline) != 0; }
  UnixMs deadline() const { return has_deadline() ? static_cast<UnixMs>(read_word(0)) : kNever; }
  void set_deadline(UnixMs deadline) { write_word(0, static_cast<uint64_t>(deadline)); }  // REQUIRES: has_deadline()

  bool has_word() const { return (flags_ & kHasWord) != 0; }
  bool has_blob() const { return (flags_ & kIsBlob) != 0; }
  uint64_t word() const { return read_word(word_offset()); }
  void set_word(uint64_t word) { write_word(word_offset(), word); }
  void* word_address() { return payload() + word_offset(); }

  // The inline value. REQUIRES: !has_word()
  std::string_view text() const { return {key().data() + key().size(), value_length_}; }
  char* mutable_text() { return const_cast<char*>(text().data()); }
  void set_text_length(size_t length) { value_length_ = static_cast<uint8_t>(length); }

  uint32_t clock() const { return uint32_t{clock_[0]} | uint32_t{clock_[1]} << 8 | uint32_t{clock_[2]} << 16; }
  void set_clock(uint32_t clock) { std::memcpy(clock_, &clock, 3); }

  size_t allocation_size() const;

 private:
  static constexpr uint8_t kHasDeadline = 1, kHasWord = 2, kIsBlob = 4;
  static constexpr uint8_t kLong = 255;

  Entry() = default;
  char* payload() { return reinterpret_cast<char*>(this + 1); }
  const char* payload() const { return reinterpret_cast<const char*>(this + 1); }
  size_t word_offset() const { return has_deadline() ? 8 : 0; }
  const char* body() const { return payload() + word_offset() + (has_word() ? 8 : 0); }
  uint64_t read_word(size_t offset) const {
    uint64_t word;
    std::memcpy(&word, payload() + offset, sizeof word);
    return word;
  }
  void write_word(size_t offset, uint64_t word) { std::memcpy(payload() + offset, &word, sizeof word); }

  uint8_t type_encoding_ = 0;
  uint8_t flags_ = 0;
  uint8_t clock_[3] = {};
  uint8_t key_length_ = 0;
  uint8_t value_length_ = 0;
  [[maybe_unused]] uint8_t spare_ = 0;
};
static_assert(sizeof(Entry) == 8);

// The text of a string entry; an integer is printed into `scratch`.
struct StringScratch {
  char digits[util::kMaxInt64Digits];
};
inline std::string_view string_text(const Entry& entry, StringScratch& scratch) {
  if (!entry.has_word()) [[likely]] return entry.text();
  const uint64_t word = entry.word();
  if (!entry.has_blob()) {
    return {scratch.digits, util::format_int64(static_cast<int64_t>(word), scratch.digits)};
  }
  util::Blob blob = util::Blob::adopt(word);
  const std::string_view text = blob.view();
  blob.release();
  return text;
}
// A reference to the blob of a long string. REQUIRES: entry.has_blob()
util::Blob string_blob(const Entry& entry);
bool is_integer(const Entry& entry);
size_t string_length(const Entry& entry);

}  // namespace keyspace
