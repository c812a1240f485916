// SPDX-License-Identifier: MIT
//
// Which clients have read which keys, and may hold copies: a hash table from a key's name to client ids, whatever the
// database (as in Redis: a client is told of a key's name, not of its database). Ids of clients that have gone stay until
// their key changes: removing them from every key would cost more than it saves, and ids are never used again.
// The loop thread's alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/keyspace/bucket_table.h"
#include "shared/util/random.h"

namespace tracking {

class KeyTable {
 public:
  KeyTable();
  ~KeyTable() { clear(); }
  KeyTable(const KeyTable&) = delete;

  void remember(std::string_view key, uint64_t client);
  // Forgets the key and returns who was remembered, in ascending order.
  std::vector<uint64_t> take(std::string_view key);
  void clear();

  bool empty() const { return table_.size() == 0; }
  size_t keys() const { return table_.size(); }
  size_t items() const { return items_; }  // pairs of key and client
  // REQUIRES: !empty()
  std::string random_key(util::Random& random) const;

 private:
  struct Tracked;
  keyspace::Slot* find(uint64_t hash, std::string_view key) const;

  keyspace::BucketTable table_;
  size_t items_ = 0;
};

}  // namespace tracking
