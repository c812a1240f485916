// SPDX-License-Identifier: MIT
//
// A hash table of 64-byte buckets that grows by one bucket at a time, so that no insertion waits for the others.
//
//   bucket: 8 slots of 64 bits      slot: 16-bit tag of the hash | 48-bit pointer, whose three low bits are free:
//           one cache line                  bit 0 = marked (the keyspace marks keys with a deadline)
//                                           bit 1 = link: the eighth slot points to an overflow bucket
//
// Tags are compared before any pointer is followed: of the items that are looked at without need, 1 in 65,536 costs a
// cache miss. A lookup reads one bucket (two when it overflowed) and one item.
//
// Linear hashing (Litwin 1980): with 2^L <= n < 2^(L+1) buckets, an item lies in bucket h mod 2^(L+1), or, if that does not
// exist yet, in h mod 2^L. Growing adds bucket n and moves to it what belongs there from bucket n - 2^L, and from no
// other. At 6.5 items a bucket that costs 12.3 bytes an item, overflow included. Shrinking is the same, backwards.
//
// Buckets lie in segments of 512, found through a directory; a small table has one segment that doubles from one bucket.
// Items are not owned. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "shared/util/function_ref.h"
#include "shared/util/random.h"

namespace keyspace {

using Slot = uint64_t;

struct Bucket {
  static constexpr size_t kSlots = 8;
  Slot slots[kSlots];
};

inline constexpr Slot kMarkedBit = 1;
inline constexpr Slot kLinkBit = 2;
inline constexpr Slot kPointerMask = 0x0000fffffffffff8;

inline uint16_t slot_tag(Slot slot) { return static_cast<uint16_t>(slot >> 48); }
inline void* slot_item(Slot slot) { return reinterpret_cast<void*>(slot & kPointerMask); }
inline bool is_link(Slot slot) { return (slot & kLinkBit) != 0; }
inline bool is_marked(Slot slot) { return (slot & kMarkedBit) != 0; }
inline uint16_t tag_of(uint64_t hash) { return static_cast<uint16_t>(hash >> 48); }

class BucketTable {
 public:
  using HashOf = uint64_t (*)(const void* item);
  using Cursor = uint64_t;

  static constexpr size_t kSegmentBuckets = 512;

  explicit BucketTable(HashOf hash_of) : hash_of_(hash_of) {}
  BucketTable(const BucketTable&) = delete;
  BucketTable& operator=(const BucketTable&) = delete;
  ~BucketTable();

  size_t size() const { return size_; }
  size_t bucket_count() const { return bucket_count_; }
  size_t overflow_count() const { return overflow_count_; }
  size_t memory_size() const;

  // The slot of an item, or null. `probe(bucket, tag)` looks through one bucket; see entry_probe.h. The slot is valid
  // until the table changes.
  template <class Probe>
  Slot* find(uint64_t hash, Probe&& probe) const {
    if (bucket_count_ == 0) return nullptr;
    Bucket* bucket = bucket_at(index_of(hash));
    for (;;) {
      if (Slot* slot = probe(*bucket, tag_of(hash))) return slot;
      const Slot last = bucket->slots[Bucket::kSlots - 1];
      if (!is_link(last)) return nullptr;
      bucket = static_cast<Bucket*>(slot_item(last));
    }
  }

  // REQUIRES: no equal item is in the table.
  void insert(uint64_t hash, void* item, bool marked = false);
  // `slot` is what find() returned for this hash.
  void erase(uint64_t hash, Slot* slot);
  void replace(Slot* slot, void* item) { *slot = (*slot & ~kPointerMask) | reinterpret_cast<uintptr_t>(item); }
  void set_marked(uint64_t hash, Slot* slot, bool marked);
  void clear(util::FunctionRef<void(void*)> destroy);
  void swap(BucketTable& other) noexcept;

  // Brings the item's bucket towards the CPU.
  void prefetch(uint64_t hash) const {
    if (bucket_count_ != 0) __builtin_prefetch(bucket_at(index_of(hash)));
  }
  // To be called some time after prefetch(): brings the item itself.
  void prefetch_item(uint64_t hash) const;

  // Visits the items of the cursor's bucket and returns the next cursor; begins and ends with 0. What is in the table
  // during a whole iteration is visited at least once, however the table grows or shrinks meanwhile (cursor.cpp).
  Cursor scan(Cursor cursor, util::FunctionRef<void(void*)> visit) const;
  void for_each(util::FunctionRef<void(void*)> visit) const;
  // Every item is equally likely, but for those behind the 16th of a chain, which share a chance. REQUIRES: size() > 0.
  void* random(util::Random& random) const;
  // Visits up to `count` items that lie close to a random place, only marked ones if asked: cheaper than as many random
  // ones, and as good for comparing them, since neighbours have nothing in common but their hash. `visit` erases nothing.
  void sample(util::Random& random, size_t count, bool marked_only, util::FunctionRef<void(void*)> visit) const;

  // Marked items, for sweeps that look only where there are some.
  size_t marked() const { return marked_; }
  size_t segment_count() const { return segments_.size(); }
  size_t marked_in(size_t segment) const { return segments_[segment].marked; }
  // REQUIRES: `visit` erases nothing: that moves slots.
  void for_each_marked(size_t bucket_index, util::FunctionRef<void(void*)> visit) const;

 private:
  struct Segment {
    Bucket* buckets;
    uint32_t marked;
  };

  size_t index_of(uint64_t hash) const {
    const size_t index = hash & mask_;
    return index < bucket_count_ ? index : hash & (mask_ >> 1);
  }
  Bucket* bucket_at(size_t index) const {
    return &segments_[index / kSegmentBuckets].buckets[index % kSegmentBuckets];
  }
  size_t first_segment_capacity() const;
  void grow();
  void shrink();
  void add_bucket();
  void remove_last_bucket();
  void append(Bucket* bucket, Slot slot);
  void visit_chain(const Bucket* bucket, util::FunctionRef<void(Slot)> visit) const;
  size_t bucket_of_marked(size_t number) const;
  void free_overflow(Bucket* bucket);

  HashOf hash_of_;
  std::vector<Segment> segments_;
  size_t bucket_count_ = 0;
  size_t mask_ = 0;  // 2^(L+1) - 1
  size_t size_ = 0;
  size_t marked_ = 0;
  size_t overflow_count_ = 0;
  mutable bool walked_ = false;  // asserted, so that erasing during a walk is not found out by luck
};

}  // namespace keyspace
