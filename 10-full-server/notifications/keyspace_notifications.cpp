// SPDX-License-Identifier: MIT
#include "10-full-server/notifications/keyspace_notifications.h"

#include <fmt/format.h>

#include <iterator>

#include "shared/command/own_messages.h"

namespace notifications {

using keyspace::Event;

void KeyspaceNotifications::set_classes(EventClasses classes) {
  classes_ = classes;
  on_ = classes.to_keyspace() || classes.to_keyevent();
  executor_.databases().environment().report_new = on_ && classes.wants(Event::New);
}

void KeyspaceNotifications::on_removed(const keyspace::Removal& removal) {
  if (!on_) [[likely]]
    return;
  const bool expired = removal.reason == keyspace::RemovalReason::Expired;
  notify(removal.db, expired ? Event::Expired : Event::Evicted, expired ? "expired" : "evicted",
         removal.key);
}

void KeyspaceNotifications::notify(int db, Event event, std::string_view name,
                                   std::string_view key) {
  if (!classes_.wants(event) || name.empty()) return;
  if (classes_.to_keyspace()) {
    channel_.clear();
    fmt::format_to(std::back_inserter(channel_), "__keyspace@{}__:{}", db, key);
    publish(name);
  }
  if (classes_.to_keyevent()) {
    channel_.clear();
    fmt::format_to(std::back_inserter(channel_), "__keyevent@{}__:{}", db, name);
    publish(key);
  }
}

void KeyspaceNotifications::publish(std::string_view text) {
  const command::OwnMessages behind_its_reply(executor_);
  pubsub_.publish(channel_, text);
}

}  // namespace notifications
