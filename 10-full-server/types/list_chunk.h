// SPDX-License-Identifier: MIT
//
// A part of a long list: entries as in a listpack, with free bytes before and behind them. A push
// or a pop at an end moves nothing; a change in the middle moves the shorter side.
//
//   bytes    begin                      end       capacity
//     | free … | entry | entry | … entry | free … |            packed
//     | length, 8 bytes | text |                               plain: one element, unpacked
//
// Memory grows by doubling up to the list's limit. This is the description of a chunk, which lies
// in its list's directory and is copied byte by byte; the list calls destroy(). One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "10-full-server/types/listpack.h"
#include "shared/util/byte_buffer.h"

namespace types {

enum class ListEnd : uint8_t { Front, Back };

struct ListChunk {
  // An entry's place, in bytes from `bytes`; `begin` and `end` move with changes.
  using Offset = uint32_t;

  static constexpr size_t kMaxBytes = size_t{1} << 31;  // longer ones do not fit an Offset safely

  static ListChunk packed(const EntryWriter& entry, ListEnd end, size_t limit);
  static ListChunk packed(Listpack&& pack);  // takes its memory as it is
  static ListChunk plain(std::string_view text);
  ListChunk clone() const;
  void destroy();

  bool is_plain() const { return capacity == 0; }
  std::string_view text() const;  // REQUIRES: is_plain()
  size_t used() const { return end - begin; }
  // As long as its listpack would be, or its plain text: Redis' limits count so.
  size_t node_bytes() const;
  size_t memory_size() const;

  Offset next(Offset at) const { return static_cast<Offset>(at + entry_size(bytes + at)); }
  Offset previous(Offset at) const { return static_cast<Offset>(entry_before(bytes + at) - bytes); }
  Offset seek(size_t index) const;  // index < count; from the nearer end

  // What follows is for packed chunks. `at` is an entry's place or `end`.
  void insert(Offset at, const EntryWriter& entry, size_t limit);
  void replace(Offset at, const EntryWriter& entry, size_t limit);
  // Removes the `entries` that lie in [at, to). Returns the place of what came behind them.
  Offset erase(Offset at, Offset to, size_t entries);
  ListChunk split(Offset at);  // what lies from `at` on leaves, and is returned
  void append(const ListChunk& other, size_t limit);
  void fit();  // gives back memory when much of it is free

  // The listpack of these entries, or the plain text; valid until `buffer` changes.
  std::string_view node(util::ByteBuffer& buffer) const;
  Listpack to_listpack() const;

  uint8_t* bytes = nullptr;
  uint32_t begin = 0;
  uint32_t end = 0;
  uint32_t capacity = 0;
  uint32_t count = 0;

 private:
  uint8_t* open(Offset at, size_t added, size_t limit);
  void make_room(Offset at, size_t added, bool in_front, size_t limit);
  void rearrange(Offset at, size_t added, size_t fresh_begin, size_t fresh_capacity);
};
static_assert(sizeof(ListChunk) == 24);

}  // namespace types
