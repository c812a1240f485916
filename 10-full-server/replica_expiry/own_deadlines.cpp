// SPDX-License-Identifier: MIT
#include "10-full-server/replica_expiry/own_deadlines.h"

#include <algorithm>

namespace replica_expiry {

using keyspace::Entry;
using keyspace::ExpiryMode;

// While the master's commands are executed, the mode is Ignore; a paused server hides what has expired, too.
bool OwnDeadlines::on_replica() const {
  const keyspace::Environment& environment = databases_.environment();
  return environment.expiry == ExpiryMode::Hide && !environment.paused;
}

void OwnDeadlines::on_change(const keyspace::Change& change) {
  if (!on_replica()) [[likely]]
    return;
  const Entry* entry = databases_[change.db].peek(change.key);
  if (entry != nullptr && entry->has_deadline()) keys_.emplace(change.db, change.key);
}

void OwnDeadlines::on_flush(int db, int64_t) {
  keys_.erase(keys_.lower_bound({db, {}}), keys_.lower_bound({db + 1, {}}));
}

// Deletes the key if it has expired. False: it has no deadline (any more).
bool OwnDeadlines::expire(const Key& key) {
  keyspace::Keyspace& keys = databases_[key.first];
  Entry* entry = keys.peek(key.second);
  if (entry == nullptr || !entry->has_deadline()) return false;
  if (keys.expired(*entry)) {
    keys.remove_expired(entry);
    return false;
  }
  return true;
}

size_t OwnDeadlines::run(size_t most) {
  const keyspace::Environment& environment = databases_.environment();
  if (environment.expiry == ExpiryMode::Delete) keys_.clear();
  if (!on_replica()) return 0;
  const uint64_t before = environment.expired;
  for (size_t left = std::min(most, keys_.size()); left > 0; --left) {
    auto at = keys_.lower_bound(next_);
    if (at == keys_.end()) at = keys_.begin();
    const bool stays = expire(*at);
    at = stays ? std::next(at) : keys_.erase(at);
    next_ = at == keys_.end() ? Key{} : *at;
  }
  return environment.expired - before;
}

}  // namespace replica_expiry
