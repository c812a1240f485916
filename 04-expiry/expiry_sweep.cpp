// SPDX-License-Identifier: MIT
#include "04-expiry/expiry_sweep.h"

#include "shared/util/todo.h"

namespace expiry {

using keyspace::BucketTable;
using keyspace::Entry;

// Keys with a deadline that are looked at before the clock and the yield are.
constexpr size_t kSample = 200;
// The sweep goes on while more than one in so many of them was overdue.
constexpr size_t kWorthwhile = 10;

// The first bucket from `bucket` on that may hold a key with a deadline; segments without any are passed over.
static size_t next_bucket(const BucketTable& table, size_t bucket) {
  while (bucket < table.bucket_count() && bucket % BucketTable::kSegmentBuckets == 0 &&
         table.marked_in(bucket / BucketTable::kSegmentBuckets) == 0) {
    bucket += BucketTable::kSegmentBuckets;
  }
  return bucket;
}

// Looks at buckets from `bucket` on until kSample keys with a deadline were seen or the table ends, where the cursor wraps.
ExpirySweep::Found ExpirySweep::sweep_some(keyspace::Keyspace& keys, size_t& bucket) {
  Found found;
  const BucketTable& table = keys.table();
  // [04.4a begin] collect what is overdue, then delete it: deleting moves slots about
  //stub: bucket = next_bucket(table, table.bucket_count());  // nobody looks
  overdue_.clear();
  for (; found.examined < kSample && bucket < table.bucket_count(); bucket = next_bucket(table, bucket + 1)) {
    table.for_each_marked(bucket, [&](void* item) {
      auto* entry = static_cast<Entry*>(item);
      ++found.examined;
      if (keys.expired(*entry)) overdue_.push_back(entry);
    });
  }
  for (Entry* entry : overdue_) keys.remove_expired(entry);
  found.deleted = overdue_.size();
  // [04.4a end]
  if (bucket >= table.bucket_count()) bucket = 0;
  return found;
}

// Sweeps until the time is over (then `expiry_cut_short` counts it), little is found, or every key with a deadline was
// seen.
ExpirySweep::Found ExpirySweep::sweep_database(keyspace::Keyspace& keys, size_t& bucket, int64_t until_us) {
  Found total;
  // [04.4b begin] sample after sample, while it is worth it and there is time
  //stub: (void)keys, (void)bucket, (void)until_us, (void)kWorthwhile;  // nobody sweeps
  const size_t with_deadline = keys.volatile_count();
  while (total.examined < with_deadline) {
    const Found found = sweep_some(keys, bucket);
    total.examined += found.examined;
    total.deleted += found.deleted;
    if (found.deleted * kWorthwhile < found.examined) break;
    if (clock_.monotonic_us() >= until_us) {
      ++keys.environment().expiry_cut_short;
      break;
    }
  }
  // [04.4b end]
  return total;
}

size_t ExpirySweep::run(int64_t budget_us) {
  if (databases_.environment().expiry != keyspace::ExpiryMode::Delete) return 0;
  const int64_t until_us = clock_.monotonic_us() + budget_us;
  cursors_.resize(static_cast<size_t>(databases_.count()));
  size_t deleted = 0;
  for (int i = 0; i < databases_.count(); ++i) {
    const int index = next_database_;
    next_database_ = (next_database_ + 1) % databases_.count();
    keyspace::Keyspace& keys = databases_[index];
    if (keys.volatile_count() == 0) continue;
    deleted += sweep_database(keys, cursors_[static_cast<size_t>(index)], until_us).deleted;
    if (clock_.monotonic_us() >= until_us) break;
  }
  return deleted;
}

}  // namespace expiry
