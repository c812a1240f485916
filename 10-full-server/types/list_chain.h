// SPDX-License-Identifier: MIT
//
// A long list: chunks in a directory, both with free places at their ends, so that a push or a pop
// moves nothing and the n-th element is found by adding up counts that lie side by side:
//
//   directory   free | {455} | {455} | {455} | {120} | free        24 bytes a chunk
//                        |       |
//                     8 KB    8 KB                                 list_chunk.h
//
// Chunks are filled, split and merged by Redis' rules for quicklists, so that both convert to
// listpacks, and save, the same nodes. Not thread-safe; no chunk is ever empty.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "10-full-server/types/gap_array.h"
#include "10-full-server/types/list_chunk.h"
#include "10-full-server/types/list_limits.h"

namespace types {

class ListChain {
 public:
  // An element's place; valid until the chain changes. In a plain chunk the offset does not count.
  struct Spot {
    size_t chunk;
    ListChunk::Offset offset;
  };

  ListChain();  // with the limits that are configured now
  ListChain(const ListChain&) = delete;
  ListChain& operator=(const ListChain&) = delete;
  ~ListChain();
  ListChain* clone() const;

  size_t size() const { return size_; }
  const GapArray<ListChunk>& chunks() const { return chunks_; }
  size_t memory_size() const;
  Spot locate(size_t index) const;  // REQUIRES: index < size()

  // Texts must lie outside the chain.
  void push(ListEnd end, std::string_view text);
  void pop(ListEnd end);  // REQUIRES: size() > 0
  // Before the element at the spot (Front), or behind it (Back).
  void insert(Spot spot, ListEnd side, std::string_view text);
  void replace(Spot spot, std::string_view text);
  void erase_range(size_t index, size_t count);  // REQUIRES: index + count <= size()
  // Removes the first `limit` elements that match, seen from that end; returns how many.
  size_t remove(const PackedNeedle& needle, ListEnd from, size_t limit);

  // For lists that are read from files: adds a chunk behind the others. REQUIRES: not empty.
  void append_chunk(ListChunk chunk);
  // Takes the only chunk, a packed one, as a listpack.
  Listpack to_listpack() const { return chunks_[0].to_listpack(); }

 private:
  bool takes(size_t chunk, size_t text_size) const;
  void drop_chunk(size_t index);
  void erase_at(Spot spot);
  void insert_into(size_t chunk, ListEnd end, std::string_view text);
  void insert_plain(Spot spot, ListEnd side, std::string_view text, bool at_edge);
  void replace_by_chunk(Spot spot, std::string_view text);
  bool at_edge(Spot spot, ListEnd side) const;
  // Makes the entries before the spot, or those behind it, a chunk of their own.
  void split(Spot spot, ListEnd side);
  void merge_around(size_t chunk);
  bool merge_with_next(size_t chunk);
  size_t remove_in(size_t chunk, const PackedNeedle& needle, ListEnd from, size_t limit);

  GapArray<ListChunk> chunks_;
  size_t size_ = 0;
  ListLimit limit_;
};

}  // namespace types
