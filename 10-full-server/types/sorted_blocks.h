// SPDX-License-Identifier: MIT
//
// Small items in the order of their stream ids, in blocks of up to 128 behind an array of blocks:
//
//   blocks:  | first id, ●, count | first id, ●, count | …          ● ─► item, item, item …
//
// What is appended fills blocks; a block in the middle that is full is split, and neighbours that are half empty
// together become one. Any change invalidates pointers and iterators. One thread.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <type_traits>
#include <utility>

#include "10-full-server/types/gap_array.h"
#include "10-full-server/types/stream_id.h"
#include "shared/util/memory.h"

namespace types {

template <class Item>  // has a StreamId `id`
requires std::is_trivially_copyable_v<Item>
class SortedBlocks {
 public:
  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = Item;
    using difference_type = std::ptrdiff_t;
    using pointer = const Item*;
    using reference = const Item&;

    const Item& operator*() const { return owner_->blocks_[block_].items[index_]; }
    const Item* operator->() const { return &**this; }
    Iterator& operator++() {
      if (++index_ == owner_->blocks_[block_].count) {
        ++block_;
        index_ = 0;
      }
      return *this;
    }
    friend bool operator==(const Iterator& a, const Iterator& b) {
      return a.block_ == b.block_ && a.index_ == b.index_;
    }

   private:
    friend class SortedBlocks;
    Iterator(const SortedBlocks* owner, size_t block, size_t index)
        : owner_(owner), block_(block), index_(index) {}
    const SortedBlocks* owner_;
    size_t block_;
    size_t index_;
  };

  SortedBlocks() = default;
  SortedBlocks(const SortedBlocks&) = delete;
  SortedBlocks& operator=(const SortedBlocks&) = delete;
  ~SortedBlocks() {
    for (Block& block : blocks_) release(block);
  }

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  Iterator begin() const { return {this, 0, 0}; }
  Iterator end() const { return {this, blocks_.size(), 0}; }
  const Item& front() const { return *begin(); }  // REQUIRES: not empty
  const Item& back() const {                      // REQUIRES: not empty
    const Block& last = blocks_[blocks_.size() - 1];
    return last.items[last.count - 1];
  }
  Iterator lower_bound(StreamId id) const {  // the first item that does not lie before the id
    const Place at = locate(id);
    if (at.block == blocks_.size() || at.index < blocks_[at.block].count) {
      return {this, at.block, at.index};
    }
    return {this, at.block + 1, 0};
  }

  Item* find(StreamId id) {
    const Place at = locate(id);
    return is_at(at, id) ? &blocks_[at.block].items[at.index] : nullptr;
  }
  const Item* find(StreamId id) const { return const_cast<SortedBlocks*>(this)->find(id); }

  // The item of that id, and whether it is the new one.
  std::pair<Item*, bool> insert(const Item& item);
  bool erase(StreamId id);  // false: there was none

  size_t memory_size() const {
    size_t total = blocks_.memory_size();
    for (const Block& block : blocks_) total += memory::good_size(block.capacity * sizeof(Item));
    return total;
  }

 private:
  static constexpr uint32_t kMost = 128, kLeast = 4;  // items a block has room for
  struct Block {
    StreamId first;
    Item* items;
    uint32_t count;
    uint32_t capacity;
  };
  struct Place {
    size_t block;
    size_t index;
  };

  // Where the id is or would be; only in the last block, or in one before a gap, behind its items.
  Place locate(StreamId id) const {
    const auto behind = std::upper_bound(
        blocks_.begin(), blocks_.end(), id,
        [](const StreamId& wanted, const Block& block) { return wanted < block.first; });
    if (behind == blocks_.begin()) return {0, 0};
    const Block& block = behind[-1];
    const Item* const at =
        std::lower_bound(block.items, block.items + block.count, id,
                         [](const Item& item, const StreamId& wanted) { return item.id < wanted; });
    return {static_cast<size_t>(behind - blocks_.begin()) - 1,
            static_cast<size_t>(at - block.items)};
  }
  bool is_at(Place at, StreamId id) const {
    return at.block < blocks_.size() && at.index < blocks_[at.block].count &&
           blocks_[at.block].items[at.index].id == id;
  }

  static void release(Block& block) { memory::release(block.items, block.capacity * sizeof(Item)); }
  static void resize(Block& block, uint32_t capacity) {
    auto* const fresh = static_cast<Item*>(memory::allocate(capacity * sizeof(Item)));
    if (block.items != nullptr) {
      std::memcpy(fresh, block.items, block.count * sizeof(Item));
      release(block);
    }
    block.items = fresh;
    block.capacity = capacity;
  }
  void add_block(size_t at, StreamId first) {
    Block block{first, nullptr, 0, 0};
    resize(block, kLeast);
    blocks_.insert(at, block);
  }
  void split(size_t at);
  void merge_with_next(size_t at);

  GapArray<Block> blocks_;
  size_t size_ = 0;
};

template <class Item>
requires std::is_trivially_copyable_v<Item> std::pair<Item*, bool> SortedBlocks<Item>::insert(
    const Item& item) {
  Place at = blocks_.empty() || item.id > back().id
                 ? Place{blocks_.size() - 1, blocks_.empty() ? 0 : blocks_.back().count}
                 : locate(item.id);
  if (!blocks_.empty() && is_at(at, item.id)) return {&blocks_[at.block].items[at.index], false};
  if (blocks_.empty() ||
      (blocks_[at.block].count == kMost && at.block + 1 == blocks_.size() && at.index == kMost)) {
    add_block(blocks_.size(), item.id);
    at = {blocks_.size() - 1, 0};
  } else if (blocks_[at.block].count == kMost) {
    split(at.block);
    at = locate(item.id);
  }
  Block& block = blocks_[at.block];
  if (block.count == block.capacity) resize(block, 2 * block.capacity);
  Item* const place = block.items + at.index;
  std::memmove(static_cast<void*>(place + 1), place, (block.count - at.index) * sizeof(Item));
  *place = item;
  ++block.count;
  block.first = block.items[0].id;
  ++size_;
  return {place, true};
}

template <class Item>
requires std::is_trivially_copyable_v<Item>
void SortedBlocks<Item>::split(size_t at) {
  constexpr uint32_t kHalf = kMost / 2;
  add_block(at + 1, blocks_[at].items[kHalf].id);
  Block& low = blocks_[at];
  Block& high = blocks_[at + 1];
  resize(high, kMost);
  std::memcpy(high.items, low.items + kHalf, kHalf * sizeof(Item));
  low.count = high.count = kHalf;
}

template <class Item>
requires std::is_trivially_copyable_v<Item>
bool SortedBlocks<Item>::erase(StreamId id) {
  const Place at = locate(id);
  if (!is_at(at, id)) return false;
  Block& block = blocks_[at.block];
  --block.count;
  --size_;
  std::memmove(static_cast<void*>(block.items + at.index), block.items + at.index + 1,
               (block.count - at.index) * sizeof(Item));
  if (block.count == 0) {
    release(block);
    blocks_.erase(at.block);
    return true;
  }
  block.first = block.items[0].id;
  if (block.capacity > kLeast && block.count <= block.capacity / 4)
    resize(block, block.capacity / 2);
  if (at.block + 1 < blocks_.size()) merge_with_next(at.block);
  if (at.block > 0 && at.block < blocks_.size()) merge_with_next(at.block - 1);
  return true;
}

template <class Item>
requires std::is_trivially_copyable_v<Item>
void SortedBlocks<Item>::merge_with_next(size_t at) {
  Block& low = blocks_[at];
  Block& high = blocks_[at + 1];
  const uint32_t count = low.count + high.count;
  if (count > kMost / 2) return;
  if (count > low.capacity) resize(low, kMost / 2);
  std::memcpy(low.items + low.count, high.items, high.count * sizeof(Item));
  low.count = count;
  release(high);
  blocks_.erase(at + 1);
}

}  // namespace types
