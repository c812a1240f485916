// SPDX-License-Identifier: MIT
//
// Tells subscribers what happens to keys: every change is published twice, by key and by event, as far as
// notify-keyspace-events asks for it.
//
//   SET k v ─► on_change ─► PUBLISH __keyspace@0__:k set
//                           PUBLISH __keyevent@0__:set k
//
// Off, a change costs one comparison. A client that listens itself hears of its own changes behind its reply.
// Lives as long as the server; the loop thread's alone.
#pragma once

#include <string>
#include <string_view>

#include "07-pubsub/pubsub.h"
#include "10-full-server/notifications/event_classes.h"
#include "shared/command/executor.h"
#include "shared/keyspace/change_sink.h"

namespace notifications {

class KeyspaceNotifications final : public keyspace::ChangeSink {
 public:
  KeyspaceNotifications(command::Executor& executor, pubsub::PubSub& pubsub)
      : executor_(executor), pubsub_(pubsub) {}

  void set_classes(EventClasses classes);
  const EventClasses& classes() const { return classes_; }

  void on_change(const keyspace::Change& change) override {
    if (!on_) [[likely]]
      return;
    notify(change.db, change.event, change.name, change.key);
  }
  void on_removed(const keyspace::Removal& removal) override;
  void on_flush(int, int64_t) override {}
  void on_miss(int db, std::string_view key) override {
    if (on_) notify(db, keyspace::Event::Miss, "keymiss", key);
  }
  void on_new(int db, std::string_view key) override {
    notify(db, keyspace::Event::New, "new", key);
  }

 private:
  void notify(int db, keyspace::Event event, std::string_view name, std::string_view key);
  void publish(std::string_view text);

  command::Executor& executor_;
  pubsub::PubSub& pubsub_;
  EventClasses classes_;
  bool on_ = false;
  std::string channel_;  // kept for its capacity
};

}  // namespace notifications
