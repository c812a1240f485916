// SPDX-License-Identifier: MIT
#include "shared/keyspace/bucket_table.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <utility>

#include "shared/util/memory.h"
#include "shared/util/zeroed_memory.h"

namespace keyspace {

namespace {

// Items per bucket, in halves: grow above 6.5, shrink below 2.
constexpr size_t kGrowHalves = 13;
constexpr size_t kShrinkHalves = 4;

Bucket* new_buckets(size_t count) {
  return static_cast<Bucket*>(memory::allocate_zeroed(count * sizeof(Bucket)));
}

void free_buckets(Bucket* buckets, size_t count) { memory::release(buckets, count * sizeof(Bucket)); }

Bucket* linked(const Bucket* bucket) {
  const Slot last = bucket->slots[Bucket::kSlots - 1];
  return is_link(last) ? static_cast<Bucket*>(slot_item(last)) : nullptr;
}

}  // namespace

BucketTable::~BucketTable() {
  clear([](void*) {});
}

size_t BucketTable::first_segment_capacity() const {
  return segments_.size() > 1 ? kSegmentBuckets : std::min(std::bit_ceil(bucket_count_), kSegmentBuckets);
}

size_t BucketTable::memory_size() const {
  if (segments_.empty()) return 0;
  const size_t buckets = first_segment_capacity() + (segments_.size() - 1) * kSegmentBuckets + overflow_count_;
  return buckets * sizeof(Bucket) + segments_.capacity() * sizeof(Segment);
}

void BucketTable::swap(BucketTable& other) noexcept {
  std::swap(hash_of_, other.hash_of_);
  segments_.swap(other.segments_);
  std::swap(bucket_count_, other.bucket_count_);
  std::swap(mask_, other.mask_);
  std::swap(size_, other.size_);
  std::swap(marked_, other.marked_);
  std::swap(overflow_count_, other.overflow_count_);
}

void BucketTable::visit_chain(const Bucket* bucket, util::FunctionRef<void(Slot)> visit) const {
  for (; bucket != nullptr; bucket = linked(bucket)) {
    for (const Slot slot : bucket->slots) {
      if (slot != 0 && !is_link(slot)) visit(slot);
    }
  }
}

void BucketTable::free_overflow(Bucket* bucket) {
  for (Bucket* next = linked(bucket); next != nullptr;) {
    free_buckets(std::exchange(next, linked(next)), 1);
    --overflow_count_;
  }
}

void BucketTable::clear(util::FunctionRef<void(void*)> destroy) {
  const size_t capacity = segments_.empty() ? 0 : first_segment_capacity();
  for (size_t i = 0; i < bucket_count_; ++i) {
    Bucket* bucket = bucket_at(i);
    visit_chain(bucket, [&](Slot slot) { destroy(slot_item(slot)); });
    free_overflow(bucket);
  }
  for (size_t i = 0; i < segments_.size(); ++i) free_buckets(segments_[i].buckets, i == 0 ? capacity : kSegmentBuckets);
  std::vector<Segment>().swap(segments_);  // the directory's memory too
  bucket_count_ = mask_ = size_ = marked_ = 0;
}

// Slots of a chain are filled from the front; a full bucket gives its eighth slot to a link.
void BucketTable::append(Bucket* bucket, Slot slot) {
  while (Bucket* next = linked(bucket)) bucket = next;
  for (Slot& place : bucket->slots) {
    if (place == 0) {
      place = slot;
      return;
    }
  }
  Bucket* overflow = new_buckets(1);
  ++overflow_count_;
  overflow->slots[0] = std::exchange(bucket->slots[Bucket::kSlots - 1], reinterpret_cast<uintptr_t>(overflow) | kLinkBit);
  overflow->slots[1] = slot;
}

void BucketTable::insert(uint64_t hash, void* item, bool marked) {
  if (2 * (size_ + 1) > kGrowHalves * bucket_count_) grow();
  const size_t index = index_of(hash);
  append(bucket_at(index), Slot{tag_of(hash)} << 48 | reinterpret_cast<uintptr_t>(item) | (marked ? kMarkedBit : 0));
  ++size_;
  if (marked) {
    ++segments_[index / kSegmentBuckets].marked;
    ++marked_;
  }
}

void BucketTable::set_marked(uint64_t hash, Slot* slot, bool marked) {
  if (is_marked(*slot) == marked) return;
  *slot ^= kMarkedBit;
  segments_[index_of(hash) / kSegmentBuckets].marked += marked ? 1u : ~0u;
  marked_ += marked ? 1 : ~size_t{0};
}

// The chain's last item moves into the hole, and an overflow bucket that would hold one item is given up.
void BucketTable::erase(uint64_t hash, Slot* slot) {
  assert(!walked_ && "an item is erased while its bucket is walked");
  set_marked(hash, slot, false);
  Bucket* before = nullptr;
  Bucket* bucket = bucket_at(index_of(hash));
  while (Bucket* next = linked(bucket)) before = std::exchange(bucket, next);
  size_t count = Bucket::kSlots;
  while (bucket->slots[count - 1] == 0) --count;
  *slot = bucket->slots[count - 1];
  bucket->slots[count - 1] = 0;
  if (before != nullptr && count == 2) {
    before->slots[Bucket::kSlots - 1] = bucket->slots[0];
    free_buckets(bucket, 1);
    --overflow_count_;
  }
  --size_;
  if (2 * size_ < kShrinkHalves * bucket_count_ && bucket_count_ > 1) shrink();
}

void BucketTable::add_bucket() {
  const size_t index = bucket_count_;
  if (index % kSegmentBuckets == 0 && index > 0) {
    segments_.push_back({new_buckets(kSegmentBuckets), 0});
  } else if (index == 0) {
    segments_.push_back({new_buckets(1), 0});
  } else if (index < kSegmentBuckets && std::has_single_bit(index)) {
    Bucket* larger = new_buckets(2 * index);
    std::memcpy(larger, segments_[0].buckets, index * sizeof(Bucket));
    free_buckets(std::exchange(segments_[0].buckets, larger), index);
  }
  ++bucket_count_;
  mask_ = std::bit_ceil(bucket_count_) - 1;
}

void BucketTable::grow() {
  add_bucket();
  const size_t to = bucket_count_ - 1;
  if (to == 0) return;
  const size_t from = to & (mask_ >> 1);
  Bucket* source = bucket_at(from);
  Bucket old = *source;  // its chain of overflow buckets hangs on the copy now
  *source = Bucket{};
  visit_chain(&old, [](Slot slot) { __builtin_prefetch(slot_item(slot)); });
  uint32_t moved_marked = 0;
  visit_chain(&old, [&](Slot slot) {
    const bool moves = (hash_of_(slot_item(slot)) & mask_) == to;
    append(bucket_at(moves ? to : from), slot);
    if (moves && is_marked(slot)) ++moved_marked;
  });
  free_overflow(&old);
  segments_[from / kSegmentBuckets].marked -= moved_marked;
  segments_[to / kSegmentBuckets].marked += moved_marked;
}

void BucketTable::remove_last_bucket() {
  const size_t index = --bucket_count_;
  mask_ = std::bit_ceil(bucket_count_) - 1;
  if (index % kSegmentBuckets == 0) {
    free_buckets(segments_.back().buckets, kSegmentBuckets);
    segments_.pop_back();
  } else if (index < kSegmentBuckets && segments_.size() == 1 && std::has_single_bit(index)) {
    Bucket* smaller = new_buckets(index);
    std::memcpy(smaller, segments_[0].buckets, index * sizeof(Bucket));
    free_buckets(std::exchange(segments_[0].buckets, smaller), 2 * index);
  }
}

void BucketTable::shrink() {
  const size_t from = bucket_count_ - 1;
  const size_t to = from & (mask_ >> 1);
  Bucket* source = bucket_at(from);
  uint32_t moved_marked = 0;
  visit_chain(source, [&](Slot slot) {
    append(bucket_at(to), slot);
    if (is_marked(slot)) ++moved_marked;
  });
  free_overflow(source);
  segments_[from / kSegmentBuckets].marked -= moved_marked;
  segments_[to / kSegmentBuckets].marked += moved_marked;
  *source = Bucket{};
  remove_last_bucket();
}

void BucketTable::prefetch_item(uint64_t hash) const {
  if (bucket_count_ == 0) return;
  for (const Slot slot : bucket_at(index_of(hash))->slots) {
    if (slot_tag(slot) == tag_of(hash)) __builtin_prefetch(slot_item(slot));
  }
}

void BucketTable::for_each(util::FunctionRef<void(void*)> visit) const {
  for (size_t i = 0; i < bucket_count_; ++i) {
    visit_chain(bucket_at(i), [&](Slot slot) { visit(slot_item(slot)); });
  }
}

void BucketTable::for_each_marked(size_t bucket_index, util::FunctionRef<void(void*)> visit) const {
  walked_ = true;
  visit_chain(bucket_at(bucket_index), [&](Slot slot) {
    if (is_marked(slot)) visit(slot_item(slot));
  });
  walked_ = false;
}

}  // namespace keyspace
