// SPDX-License-Identifier: MIT
#include "10-full-server/tracking/key_table.h"

#include <algorithm>

#include "shared/keyspace/keyspace.h"

namespace tracking {

using keyspace::Keyspace;
using keyspace::Slot;

struct KeyTable::Tracked {
  std::string key;
  std::vector<uint64_t> clients;  // ascending
};

KeyTable::KeyTable()
    : table_([](const void* item) {
        return Keyspace::hash(static_cast<const Tracked*>(item)->key);
      }) {}

Slot* KeyTable::find(uint64_t hash, std::string_view key) const {
  return table_.find(hash, [&](keyspace::Bucket& bucket, uint16_t tag) -> Slot* {
    for (Slot& slot : bucket.slots) {
      if (slot == 0 || keyspace::is_link(slot) || keyspace::slot_tag(slot) != tag) continue;
      if (static_cast<const Tracked*>(keyspace::slot_item(slot))->key == key) return &slot;
    }
    return nullptr;
  });
}

void KeyTable::remember(std::string_view key, uint64_t client) {
  const uint64_t hash = Keyspace::hash(key);
  Slot* slot = find(hash, key);
  if (slot == nullptr) {
    table_.insert(hash, new Tracked{std::string(key), {client}});
    ++items_;
    return;
  }
  auto& clients = static_cast<Tracked*>(keyspace::slot_item(*slot))->clients;
  const auto at = std::lower_bound(clients.begin(), clients.end(), client);
  if (at != clients.end() && *at == client) return;
  clients.insert(at, client);
  ++items_;
}

std::vector<uint64_t> KeyTable::take(std::string_view key) {
  if (empty()) return {};
  const uint64_t hash = Keyspace::hash(key);
  Slot* slot = find(hash, key);
  if (slot == nullptr) return {};
  auto* tracked = static_cast<Tracked*>(keyspace::slot_item(*slot));
  table_.erase(hash, slot);
  std::vector<uint64_t> clients = std::move(tracked->clients);
  delete tracked;
  items_ -= clients.size();
  return clients;
}

void KeyTable::clear() {
  table_.clear([](void* item) { delete static_cast<Tracked*>(item); });
  items_ = 0;
}

std::string KeyTable::random_key(util::Random& random) const {
  return static_cast<const Tracked*>(table_.random(random))->key;
}

}  // namespace tracking
