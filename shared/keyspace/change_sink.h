// SPDX-License-Identifier: MIT
//
// The keyspace reports every change to one sink and knows nothing of the log, replicas, WATCH, notifications, tracking or
// blocked clients. A sink never touches the keyspace and never destroys a client while it is being called.
#pragma once

#include <cstdint>
#include <string_view>

#include "shared/keyspace/entry.h"

namespace keyspace {

// The classes of notify-keyspace-events, one bit each.
enum class Event : uint16_t {
  Generic = 1 << 0,
  String = 1 << 1,
  List = 1 << 2,
  Set = 1 << 3,
  Hash = 1 << 4,
  SortedSet = 1 << 5,
  Expired = 1 << 6,
  Evicted = 1 << 7,
  Stream = 1 << 8,
  New = 1 << 9,
  Miss = 1 << 10,
};

// A command changed a key. `name` is the notification's name ("set", "del", "expire"); empty: nobody is notified (XACK).
struct Change {
  int db;
  std::string_view key;
  Event event;
  std::string_view name;
  int64_t count;  // what it adds to the number of changes since the last save ("dirty")
  // False: what readers of the value see is what it was (XACK, XGROUP): WATCH and caches do not mind.
  // Redis: no signalModifiedKey().
  bool value_changed = true;
};

enum class RemovalReason : uint8_t { Expired, Evicted };

// A key went away without a command that asked for it.
struct Removal {
  int db;
  std::string_view key;
  RemovalReason reason;
};

class ChangeSink {
 public:
  virtual ~ChangeSink() = default;
  virtual void on_change(const Change& change) = 0;
  virtual void on_removed(const Removal& removal) = 0;
  // Every key of a database is about to go (FLUSHDB).
  virtual void on_flush(int db, int64_t count) = 0;
  // Two databases are about to exchange their contents (SWAPDB).
  virtual void on_swap(int one, int other, int64_t /*count*/) {
    on_flush(one, 0);
    on_flush(other, 0);
  }
  virtual void on_miss(int /*db*/, std::string_view /*key*/) {}
  // Only while Environment::report_new is on.
  virtual void on_new(int /*db*/, std::string_view /*key*/) {}
};

}  // namespace keyspace
