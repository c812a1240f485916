// SPDX-License-Identifier: MIT
//
// Looking for a key in one bucket. Followed pointers are counted: with honest tags nearly every one is a hit.
#pragma once

#include <string_view>

#include "shared/keyspace/bucket_table.h"
#include "shared/keyspace/entry.h"

namespace keyspace {

// The slot of `bucket` whose entry has this key, or null. A tag that differs rules an entry out; a tag that agrees proves
// nothing, so the key is compared. Adds to `comparisons` the number of keys that were looked at.
Slot* probe_bucket(Bucket& bucket, uint16_t tag, std::string_view key, uint64_t& comparisons);

}  // namespace keyspace
