// SPDX-License-Identifier: MIT
//
// Who frees values that are too big to be freed while everybody waits: the full server has a thread for it. What is buried
// has left the keyspace; nobody refers to it but, perhaps, replies that still hold its blobs.
#pragma once

#include <memory>

#include "shared/keyspace/bucket_table.h"
#include "shared/keyspace/entry.h"

namespace keyspace {

class Disposal {
 public:
  virtual void bury(Entry* entry) = 0;
  virtual void bury(std::unique_ptr<BucketTable> table) = 0;  // with all its entries

 protected:
  ~Disposal() = default;
};

// When values go that way. Without a disposal, or where nothing asks for it, they are freed at once.
struct LazyFree {
  Disposal* disposal = nullptr;
  bool expired = false;      // lazyfree-lazy-expire
  bool evicted = false;      // lazyfree-lazy-eviction
  bool overwritten = false;  // lazyfree-lazy-server-del: values that another one replaces
};

}  // namespace keyspace
