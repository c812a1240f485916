// SPDX-License-Identifier: MIT
#include "shared/keyspace/entry_probe.h"

namespace keyspace {

static const Entry* entry_of(Slot slot) { return static_cast<const Entry*>(slot_item(slot)); }

Slot* probe_bucket(Bucket& bucket, uint16_t tag, std::string_view key, uint64_t& comparisons) {
  // [03.4 begin] compare tags, then the key
  //stub: (void)tag;
  //stub: for (Slot& slot : bucket.slots) {  // looks at every key: right, and slow
  //stub:   if (slot == 0 || is_link(slot)) break;
  //stub:   ++comparisons;
  //stub:   if (entry_of(slot)->key() == key) return &slot;
  //stub: }
  //stub: return nullptr;
  for (Slot& slot : bucket.slots) {
    if (slot_tag(slot) != tag || slot == 0 || is_link(slot)) continue;
    ++comparisons;
    if (entry_of(slot)->key() == key) return &slot;
  }
  return nullptr;
  // [03.4 end]
}

}  // namespace keyspace
