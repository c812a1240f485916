// SPDX-License-Identifier: MIT
//
// The keys to which the clients of a writable replica have given deadlines. A replica leaves it to its master to say that a
// key has expired; these the master does not know, and nobody else would ever delete them.
// What is remembered may be out of date (the key is gone, the deadline too): every pass forgets such keys.
// The loop thread's alone.
#pragma once

#include <set>
#include <string>
#include <utility>

#include "shared/keyspace/databases.h"

namespace replica_expiry {

class OwnDeadlines final : public keyspace::ChangeSink {
 public:
  explicit OwnDeadlines(keyspace::Databases& databases) : databases_(databases) {}

  // Looks at no more than `most` of the keys, going on where the last pass ended, and deletes what has expired; returns how
  // many that were. On a master, which deletes for itself, it forgets everything.
  size_t run(size_t most);
  size_t size() const { return keys_.size(); }

  void on_change(const keyspace::Change& change) override;
  void on_removed(const keyspace::Removal&) override {}
  void on_flush(int db, int64_t count) override;

 private:
  using Key = std::pair<int, std::string>;  // its database, its name

  bool on_replica() const;
  bool expire(const Key& key);

  keyspace::Databases& databases_;
  std::set<Key> keys_;
  Key next_;
};

}  // namespace replica_expiry
