// SPDX-License-Identifier: MIT
//
// Elements one behind the other in one allocation, byte for byte as Redis keeps them in memory, in
// RDB files and in DUMP's payloads (https://github.com/antirez/listpack):
//
//   | total bytes, 4 | elements, 2 | entry | entry | … | 0xff |      entry: listpack_entry.h
//
// Little endian; 65535 elements means "more than fit here, count them". For small collections: a
// change moves what lies behind it. An empty one allocates nothing. The handle is a pointer and may
// be moved byte by byte; an allocation is as long as the allocator's class for the total bytes, so
// that growing copies only where the class ends. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "10-full-server/types/listpack_entry.h"
#include "shared/util/function_ref.h"

namespace types {

class Listpack {
 public:
  // Where an entry begins, in bytes from the listpack's start. A change leaves positions before it
  // valid. end() is behind the last entry.
  using Position = uint32_t;

  static constexpr size_t kHeaderBytes = 6;
  static constexpr size_t kEmptyBytes = 7;
  static constexpr size_t kMaxBytes = size_t{1} << 30;  // Redis converts before one gets longer
  static constexpr size_t kUnknownCount = 65535;

  Listpack() = default;
  Listpack(Listpack&& other) noexcept : bytes_(std::exchange(other.bytes_, nullptr)) {}
  Listpack& operator=(Listpack&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~Listpack() { clear(); }

  // Whether `bytes`, of which nothing is known, are a listpack through and through. `visit` sees
  // each element and may refuse it (a hash wants pairs, a set no duplicates …).
  static bool validate(std::string_view bytes);
  static bool validate(std::string_view bytes, util::FunctionRef<bool(PackedValue)> visit);
  static Listpack from(std::string_view bytes);  // REQUIRES: validate(bytes)
  Listpack clone() const { return from(bytes()); }

  bool empty() const { return byte_size() == kEmptyBytes; }
  size_t size() const;  // elements; counts them where the header does not know
  size_t byte_size() const {
    return bytes_ == nullptr ? kEmptyBytes : read_little_endian(bytes_, 4);
  }
  std::string_view bytes() const;  // what Redis' files hold; until the next change
  size_t memory_size() const;
  bool fits(size_t more) const { return byte_size() + more <= kMaxBytes; }  // bytes of text

  Position begin() const { return kHeaderBytes; }
  Position end() const { return static_cast<Position>(byte_size() - 1); }
  Position next(Position at) const { return static_cast<Position>(at + entry_size(bytes_ + at)); }
  // REQUIRES: at != begin()
  Position previous(Position at) const {
    return static_cast<Position>(entry_before(bytes_ + at) - bytes_);
  }
  Position last() const { return empty() ? end() : previous(end()); }
  PackedValue value(Position at) const { return entry_value(bytes_ + at); }
  // The element of that number; negative ones count from the end, -1 being the last. end(): none.
  Position seek(int64_t index) const;
  // The first of every `stride`-th entry from `from` on that equals the text; end(): none.
  Position find(std::string_view text, Position from, size_t stride = 1) const;
  Position find(std::string_view text) const { return find(text, begin()); }

  // REQUIRES of all that adds: the result has at most 4 GB (see fits()), and the text lies
  // elsewhere.
  void append(std::string_view text) { insert(end(), EntryWriter(text)); }
  void append(int64_t number) { insert(end(), EntryWriter(number)); }
  void prepend(std::string_view text) { insert(begin(), EntryWriter(text)); }
  // Before the entry at `at`, or behind all. `at` is the new entry's position then.
  void insert(Position at, std::string_view text) { insert(at, EntryWriter(text)); }
  void insert(Position at, int64_t number) { insert(at, EntryWriter(number)); }
  void replace(Position at, std::string_view text) { replace(at, EntryWriter(text)); }
  void replace(Position at, int64_t number) { replace(at, EntryWriter(number)); }
  // Removes `count` entries, or what there is; `at` is the position of what came behind them.
  void erase(Position at, size_t count = 1);
  void erase_range(int64_t index, size_t count) { erase(seek(index), count); }

  void append_all(const Listpack& other);
  Listpack split(Position at);  // what lies from `at` on leaves, and is returned
  void clear();

  // The handle as a word, and back; for owners that tag it. Bit 0 is free; 0 is an empty one.
  uintptr_t release() { return reinterpret_cast<uintptr_t>(std::exchange(bytes_, nullptr)); }
  static Listpack adopt(uintptr_t word) {
    Listpack result;
    result.bytes_ = reinterpret_cast<uint8_t*>(word);
    return result;
  }

 private:
  void insert(Position at, const EntryWriter& entry);
  void replace(Position at, const EntryWriter& entry);
  uint8_t* splice(size_t at, size_t removed, size_t added);
  void set_size(size_t count);
  size_t header_count() const { return read_little_endian(bytes_ + 4, 2); }
  void add_to_size(int64_t count);

  uint8_t* bytes_ = nullptr;
};
static_assert(sizeof(Listpack) == 8);

}  // namespace types
