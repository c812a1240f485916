// SPDX-License-Identifier: MIT
//
// Who watches which key: WATCH's side of optimistic locking. A change sink marks the watchers of what changes; EXEC asks
// the mark. A client's watches are a ClientPart, so a client that goes leaves every list.
//
//   WATCH k ─► {db, k} ─► [A, B]          SET k …  ─► A, B are dirty          EXEC of A ─► null
//
// A key that was overdue already when it was watched, and only now is removed, has not changed: it was gone before.
// The loop thread's alone.
#pragma once

#include <list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/command/client.h"
#include "shared/command/client_part.h"
#include "shared/keyspace/change_sink.h"
#include "shared/keyspace/databases.h"

namespace transactions {

class Watches;

class WatchedKeys final : public keyspace::ChangeSink {
 public:
  explicit WatchedKeys(keyspace::Databases& databases) : databases_(databases) {}

  void watch(command::Client& client, std::string_view key);
  static void unwatch(command::Client& client);
  // Something that the client watches has changed, or has become overdue, since it was watched.
  bool changed(const command::Client& client) const;
  static size_t count(const command::Client& client);

  void on_change(const keyspace::Change& change) override {
    if (change.value_changed) mark(change.db, change.key);
  }
  void on_removed(const keyspace::Removal& removal) override;
  void on_flush(int db, int64_t count) override;
  void on_swap(int one, int other, int64_t count) override;

 private:
  friend class Watches;
  struct Watcher {
    Watches* watches;
    bool was_overdue;
  };
  using Key = std::pair<int, std::string>;
  using Watchers = std::list<Watcher>;
  using Index = std::map<Key, Watchers>;

  void mark(int db, std::string_view key);
  bool overdue(const Key& key) const;
  bool exists(const Key& key) const;
  void replace(const Key& key, Watchers& watchers, int with);

  keyspace::Databases& databases_;
  Index index_;
};

// What one client watches.
class Watches final : public command::ClientPart {
 public:
  explicit Watches(WatchedKeys& owner) : owner_(owner) {}
  ~Watches() override;
  size_t memory_size() const override;
  void describe(command::ClientTraits& traits) const override {
    if (dirty_) traits.flags += 'd';
  }

 private:
  friend class WatchedKeys;
  struct Place {
    WatchedKeys::Index::iterator key;
    WatchedKeys::Watchers::iterator at;
  };
  WatchedKeys& owner_;
  std::vector<Place> places_;
  bool dirty_ = false;
};

}  // namespace transactions
