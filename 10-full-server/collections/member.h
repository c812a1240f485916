// SPDX-License-Identifier: MIT
//
// What big collections are made of: one allocation per element, found by its text.
//
//   length:     | 1 byte |            below 255
//               | 255 | 8 bytes |     else
//   SetMember:    | length | text |                    16 bytes of text: 17, size class 32
//   ScoredMember: | score, 8 bytes | length | text |                     25, size class 32
//   HashField:    | field length | value length | field | value |        16 + 8: 26, size class 32
//                 (both one-byte parts first, then the long lengths there are)
//
// Elements are created and destroyed by the table that holds them; they are never copied. Their
// addresses are multiples of 8, as a bucket's slot needs them. Any thread, one at a time.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

namespace collections {

// A length as the pictures above have it.
inline constexpr uint8_t kLongLength = 255;

inline size_t length_size(size_t length) { return length < kLongLength ? 1 : 1 + sizeof(uint64_t); }

class SetMember {
 public:
  SetMember(const SetMember&) = delete;
  SetMember& operator=(const SetMember&) = delete;

  static SetMember* create(std::string_view text);
  static void destroy(SetMember* member) noexcept;

  std::string_view text() const {
    const char* after = reinterpret_cast<const char*>(this + 1);
    if (length_ != kLongLength) [[likely]]
      return {after, length_};
    uint64_t length;
    std::memcpy(&length, after, sizeof length);
    return {after + sizeof length, length};
  }
  // As it was asked for from the allocator.
  size_t allocation_size() const { return size_of(text().size()); }

 private:
  SetMember() = default;
  static size_t size_of(size_t length) { return length_size(length) + length; }

  uint8_t length_ = 0;
};

// A member of a sorted set. The tree reads the score where it has a copy of its own; this one is
// for those who come from the index.
class ScoredMember {
 public:
  ScoredMember(const ScoredMember&) = delete;
  ScoredMember& operator=(const ScoredMember&) = delete;

  static ScoredMember* create(std::string_view text, double score);
  static void destroy(ScoredMember* member) noexcept;

  double score() const { return score_; }
  std::string_view text() const {
    const char* at = reinterpret_cast<const char*>(this + 1);
    const auto length = static_cast<uint8_t>(*at++);
    if (length != kLongLength) [[likely]]
      return {at, length};
    uint64_t long_length;
    std::memcpy(&long_length, at, sizeof long_length);
    return {at + sizeof long_length, long_length};
  }
  size_t allocation_size() const { return size_of(text().size()); }

 private:
  friend class ScoreTree;  // which alone may change a score: it has a copy of it
  explicit ScoredMember(double score) : score_(score) {}
  static size_t size_of(size_t length) { return sizeof(double) + length_size(length) + length; }

  double score_;
};

// A field and its value.
class HashField {
 public:
  HashField(const HashField&) = delete;
  HashField& operator=(const HashField&) = delete;

  static HashField* create(std::string_view field, std::string_view value);
  static void destroy(HashField* field) noexcept;

  // The same field with this value: in place when it fits the size class, else in a new allocation,
  // and the old one is gone. `value` may be a part of the old value.
  static HashField* with_value(HashField* field, std::string_view value);

  std::string_view text() const { return {texts(), field_length()}; }
  std::string_view value() const { return {texts() + field_length(), value_length()}; }
  size_t allocation_size() const;  // the whole size class: all of it may be used

 private:
  HashField() = default;
  static size_t size_of(size_t field_length, size_t value_length);
  bool field_is_long() const { return field_length_ == kLongLength; }
  bool value_is_long() const { return value_length_ == kLongLength; }
  const char* after() const { return reinterpret_cast<const char*>(this + 1); }
  size_t long_length(size_t offset) const {
    uint64_t length;
    std::memcpy(&length, after() + offset, sizeof length);
    return length;
  }
  size_t field_length() const { return field_is_long() ? long_length(0) : field_length_; }
  size_t value_length() const {
    return value_is_long() ? long_length(field_is_long() ? 8 : 0) : value_length_;
  }
  const char* texts() const {
    return after() + (field_is_long() ? 8 : 0) + (value_is_long() ? 8 : 0);
  }
  void set_value_length(size_t length);

  uint8_t field_length_ = 0;
  uint8_t value_length_ = 0;
};

// Holds an element that was taken out of its table.
struct DestroyElement {
  template <class Element>
  void operator()(Element* element) const noexcept {
    Element::destroy(element);
  }
};
template <class Element>
using Taken = std::unique_ptr<Element, DestroyElement>;

}  // namespace collections
