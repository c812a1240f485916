// SPDX-License-Identifier: MIT
//
// Who waits for which key. A client that waits for a list under a key runs again when that key holds a list, not when it
// becomes a set: each (key, type) has a queue, woken by any change of the key and looked at once more when its turn comes,
// since whoever is served first may have taken all there was. The command that runs again decides for itself, and may wait on.
// A change sink; queues exist while somebody stands in them. The loop thread's alone.
// Redis: signalKeyAsReady(), handleClientsBlockedOnKeys().
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>

#include "shared/command/blocking.h"
#include "shared/keyspace/change_sink.h"
#include "shared/keyspace/databases.h"

namespace command {

class Context;

// What a command waits for under its keys.
struct KeyCondition {
  keyspace::TypeId type;
  // Also when the key is gone or of another type: what is read of a consumer group ends with the group.
  bool also_when_missing = false;
};

class KeyWaits final : public keyspace::ChangeSink {
 public:
  KeyWaits(Blocking& blocking, keyspace::Databases& databases) : blocking_(blocking), databases_(databases) {}

  // The command waits until one of the keys, in the client's database, meets the condition. See Context::block_on.
  void wait(Context& context, resp::Args keys, util::UnixMs deadline, KeyCondition condition);
  // Keys that somebody waits for; those among them whose absence matters too.
  size_t size() const;
  size_t size_with_missing() const;

  void on_change(const keyspace::Change& change) override { wake(change.db, change.key); }
  void on_removed(const keyspace::Removal& removal) override { wake(removal.db, removal.key); }
  void on_flush(int db, int64_t count) override;

 private:
  struct Queue final : WaitQueue {
    Queue(keyspace::Databases& in, int number, std::string name, KeyCondition what)
        : databases(in), db(number), key(std::move(name)), condition(what) {}
    bool ready() const override;

    keyspace::Databases& databases;
    const int db;
    const std::string key;
    const KeyCondition condition;
  };
  // A key's queues are neighbours.
  using Place = std::tuple<int, std::string_view, keyspace::TypeId, bool>;
  using Queues = std::map<Place, std::unique_ptr<Queue>>;  // the place's text is the queue's key

  Queue& queue_of(int db, std::string_view key, KeyCondition condition);
  void wake(int db, std::string_view key);
  void drop_empty();

  Blocking& blocking_;
  keyspace::Databases& databases_;
  Queues queues_;
  size_t drop_at_ = 64;  // how many queues there may be before the empty ones are looked for
};

}  // namespace command
