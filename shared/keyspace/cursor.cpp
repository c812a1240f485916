// SPDX-License-Identifier: MIT
// Iterating a table that changes meanwhile, and picking at random.
//
// The cursor counts with its bits reversed: 0, 4, 2, 6, 1, 5, 3, 7 for eight buckets. Seen from the hash's low bits that is
// a walk through a tree in which bucket b at depth L is the parent of b and b + 2^L at depth L + 1. A split replaces a leaf
// by its two children, a merge does the opposite, and either way the leaves before the cursor hold exactly what was
// visited. (Redis counts the same way since 2.8; there all leaves have one depth, here they have two.)
#include "shared/keyspace/bucket_table.h"

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

}  // namespace keyspace
