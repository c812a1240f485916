// SPDX-License-Identifier: MIT
//
// A small set of integers: sorted, all of the width that the widest needs, byte for byte as Redis
// keeps it in memory, in RDB files and in DUMP's payloads:
//
//   | bytes a number: 2, 4 or 8; 4 bytes | count, 4 bytes | numbers, ascending, little endian |
//
// A number that needs more widens all; the width never shrinks again. An empty one allocates
// nothing. The handle is a pointer and may be moved byte by byte. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "shared/util/random.h"

namespace types {

class IntSet {
 public:
  static constexpr size_t kHeaderBytes = 8;

  IntSet() = default;
  IntSet(IntSet&& other) noexcept : bytes_(std::exchange(other.bytes_, nullptr)) {}
  IntSet& operator=(IntSet&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~IntSet() { clear(); }

  // Whether `bytes`, of which nothing is known, are a set: sizes agree, numbers ascend, at least
  // one.
  static bool validate(std::string_view bytes);
  static IntSet from(std::string_view bytes);  // REQUIRES: validate(bytes)
  IntSet clone() const;

  bool empty() const { return size() == 0; }
  size_t size() const { return bytes_ == nullptr ? 0 : read_u32(4); }
  std::string_view bytes() const;  // what Redis' files hold; until the next change
  size_t memory_size() const;

  bool contains(int64_t value) const;
  bool insert(int64_t value);                                      // false: it is there already
  bool erase(int64_t value);                                       // false: it is not there
  int64_t at(size_t index) const { return read(index, width()); }  // ascending; index < size()
  int64_t random(util::Random& random) const { return at(random.below(size())); }  // not empty
  void clear();

  // The handle as a word, and back; for owners that tag it. Bits 0 to 2 are free.
  uintptr_t release() { return reinterpret_cast<uintptr_t>(std::exchange(bytes_, nullptr)); }
  static IntSet adopt(uintptr_t word) {
    IntSet result;
    result.bytes_ = reinterpret_cast<uint8_t*>(word);
    return result;
  }

 private:
  uint32_t read_u32(size_t offset) const;
  uint32_t width() const { return bytes_ == nullptr ? 2 : read_u32(0); }
  size_t byte_size() const { return kHeaderBytes + size() * width(); }
  int64_t read(size_t index, size_t width) const;
  void write(size_t index, int64_t value);
  size_t lower_bound(int64_t value) const;
  void widen(uint32_t width, bool leave_first);
  void resize(size_t bytes);
  void set_header(uint32_t width, size_t count);

  uint8_t* bytes_ = nullptr;
};
static_assert(sizeof(IntSet) == 8);

}  // namespace types
