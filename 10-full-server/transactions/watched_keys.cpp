// SPDX-License-Identifier: MIT
#include "10-full-server/transactions/watched_keys.h"

#include <algorithm>

namespace transactions {

using command::Client;
using keyspace::LookupFlags;

// The watched keys' own texts are shared by all who watch them.
size_t Watches::memory_size() const {
  constexpr size_t kListNode = sizeof(WatchedKeys::Watcher) + 2 * sizeof(void*);
  return places_.capacity() * sizeof(Place) + places_.size() * kListNode;
}

Watches::~Watches() {
  for (const Place& place : places_) {
    place.key->second.erase(place.at);
    if (place.key->second.empty()) owner_.index_.erase(place.key);
  }
}

void WatchedKeys::watch(Client& client, std::string_view key) {
  Watches* watches = client.parts.find<Watches>();
  if (watches == nullptr) watches = &client.parts.add<Watches>(*this);
  const Key full{client.db, std::string(key)};
  for (const Watches::Place& place : watches->places_) {
    if (place.key->first == full) return;
  }
  const auto entry = index_.try_emplace(full).first;
  entry->second.push_back({watches, overdue(full)});
  watches->places_.push_back({entry, std::prev(entry->second.end())});
}

void WatchedKeys::unwatch(Client& client) { client.parts.remove<Watches>(); }

size_t WatchedKeys::count(const Client& client) {
  const auto* watches = client.parts.find<Watches>();
  return watches == nullptr ? 0 : watches->places_.size();
}

// Looks without removing: a question must not change anything.
bool WatchedKeys::overdue(const Key& key) const {
  const keyspace::Entry* entry = databases_[key.first].peek(key.second);
  return entry != nullptr && databases_[key.first].expired(*entry);
}

bool WatchedKeys::exists(const Key& key) const { return databases_[key.first].peek(key.second) != nullptr; }

bool WatchedKeys::changed(const Client& client) const {
  const auto* watches = client.parts.find<Watches>();
  if (watches == nullptr) return false;
  return watches->dirty_ || std::any_of(watches->places_.begin(), watches->places_.end(), [this](const Watches::Place& place) {
           return !place.at->was_overdue && overdue(place.key->first);
         });
}

void WatchedKeys::mark(int db, std::string_view key) {
  if (index_.empty()) [[likely]]
    return;
  const auto found = index_.find({db, std::string(key)});
  if (found == index_.end()) return;
  for (const Watcher& watcher : found->second) watcher.watches->dirty_ = true;
}

void WatchedKeys::on_removed(const keyspace::Removal& removal) {
  if (index_.empty()) [[likely]]
    return;
  const auto found = index_.find({removal.db, std::string(removal.key)});
  if (found == index_.end()) return;
  for (Watcher& watcher : found->second) {
    // Gone before it was watched; from here on it counts as a key that is not there.
    if (!std::exchange(watcher.was_overdue, false)) watcher.watches->dirty_ = true;
  }
}

// Called before the databases are exchanged. A key that was overdue and is overdue again, or is gone, has not changed; one
// that was missing and is overdue is as good as missing.
void WatchedKeys::replace(const Key& key, Watchers& watchers, int with) {
  const Key replacement{with, key.second};
  const bool was = exists(key), will_be = exists(replacement);
  if (!was && !will_be) return;
  for (Watcher& watcher : watchers) {
    const bool will_be_overdue = will_be && overdue(replacement);
    if (watcher.was_overdue && !will_be) {
      watcher.was_overdue = false;
    } else if (will_be_overdue && (watcher.was_overdue || !was)) {
      watcher.was_overdue = true;
    } else {
      watcher.watches->dirty_ = true;
    }
  }
}

void WatchedKeys::on_swap(int one, int other, int64_t) {
  for (auto& [key, watchers] : index_) {
    if (key.first == one) replace(key, watchers, other);
    if (key.first == other) replace(key, watchers, one);
  }
}

// Called before the keys go: only those that are there change.
void WatchedKeys::on_flush(int db, int64_t) {
  for (auto& [key, watchers] : index_) {
    if (key.first != db || !exists(key)) continue;
    for (Watcher& watcher : watchers) {
      if (!std::exchange(watcher.was_overdue, false)) watcher.watches->dirty_ = true;
    }
  }
}

}  // namespace transactions
