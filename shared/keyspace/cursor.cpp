// SPDX-License-Identifier: MIT
// Iterating a table that changes meanwhile, and picking at random.
//
// The cursor counts with its bits reversed: 0, 4, 2, 6, 1, 5, 3, 7 for eight buckets. Seen from the hash's low bits that is
// a walk through a tree in which bucket b at depth L is the parent of b and b + 2^L at depth L + 1. A split replaces a leaf
// by its two children, a merge does the opposite, and either way the leaves before the cursor hold exactly what was
// visited. (Redis counts the same way since 2.8; there all leaves have one depth, here they have two.)
#include "shared/keyspace/bucket_table.h"

#include <algorithm>

namespace keyspace {

namespace {

uint64_t reverse_bits(uint64_t value) {
  value = (value >> 1 & 0x5555555555555555) | (value & 0x5555555555555555) << 1;
  value = (value >> 2 & 0x3333333333333333) | (value & 0x3333333333333333) << 2;
  value = (value >> 4 & 0x0f0f0f0f0f0f0f0f) | (value & 0x0f0f0f0f0f0f0f0f) << 4;
  return __builtin_bswap64(value);
}

}  // namespace

BucketTable::Cursor BucketTable::scan(Cursor cursor, util::FunctionRef<void(void*)> visit) const {
  if (bucket_count_ == 0) return 0;
  // The leaf that the cursor lies in: at depth L + 1 when both children exist, else their parent.
  const uint64_t half = mask_ >> 1;
  uint64_t leaf_mask = mask_;
  if ((cursor & half) + half + 1 >= bucket_count_) leaf_mask = half;
  visit_chain(bucket_at(cursor & leaf_mask), [&](Slot slot) { visit(slot_item(slot)); });
  // Add one to the reversed number: set the bits above the leaf's depth, so that the carry comes out below them.
  cursor |= ~leaf_mask;
  return reverse_bits(reverse_bits(cursor) + 1);
}

void* BucketTable::random(util::Random& random) const {
  // A bucket, then a place in it that may be empty: every item has the same chance, 1 / (buckets × places). In a longer
  // chain, which is rare, the items from the last place on share its chance.
  constexpr size_t kPlaces = 2 * Bucket::kSlots;
  for (;;) {
    const Bucket* bucket = bucket_at(random.below(bucket_count_));
    const size_t place = random.below(kPlaces);
    void* found = nullptr;
    size_t at = 0;
    visit_chain(bucket, [&](Slot slot) {
      const bool shares_place = place == kPlaces - 1 && at > place && random.below(at - place + 1) == 0;
      if (at == place || shares_place) found = slot_item(slot);
      ++at;
    });
    if (found != nullptr) return found;
  }
}

// The bucket that holds the marked item of this number, in the table's order. REQUIRES: number < marked()
size_t BucketTable::bucket_of_marked(size_t number) const {
  size_t segment = 0;
  while (number >= segments_[segment].marked) number -= segments_[segment++].marked;
  size_t bucket = segment * kSegmentBuckets;
  for (;; ++bucket) {
    size_t here = 0;
    visit_chain(bucket_at(bucket), [&](Slot slot) { here += is_marked(slot) ? 1 : 0; });
    if (number < here) return bucket;
    number -= here;
  }
}

void BucketTable::sample(util::Random& random, size_t count, bool marked_only,
                         util::FunctionRef<void(void*)> visit) const {
  const size_t available = marked_only ? marked_ : size_;
  count = std::min(count, available);
  if (count == 0) return;
  constexpr size_t kMost = 64;  // of a chain; a longer one does not occur
  size_t bucket = marked_only ? bucket_of_marked(random.below(marked_)) : random.below(bucket_count_);
  for (size_t seen = 0; seen < bucket_count_ && count > 0; ++seen, bucket = (bucket + 1) % bucket_count_) {
    if (marked_only && bucket % kSegmentBuckets == 0 && marked_in(bucket / kSegmentBuckets) == 0) {
      bucket = std::min(bucket + kSegmentBuckets, bucket_count_) - 1;  // nothing there: the next segment
      continue;
    }
    void* items[kMost];
    size_t found = 0;
    visit_chain(bucket_at(bucket), [&](Slot slot) {
      if (found < kMost && (!marked_only || is_marked(slot))) items[found++] = slot_item(slot);
    });
    // From a random one on, so that a chain's last item is as likely as its first.
    const size_t first = found == 0 ? 0 : random.below(found);
    for (size_t i = 0; i < found && count > 0; ++i, --count) visit(items[(first + i) % found]);
  }
}

}  // namespace keyspace
