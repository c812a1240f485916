// SPDX-License-Identifier: MIT
#include "shared/command/key_waits.h"

#include <algorithm>
#include <set>
#include <utility>

#include "shared/command/context.h"

namespace command {

bool KeyWaits::Queue::ready() const {
  const keyspace::Keyspace& keys = databases[db];
  const keyspace::Entry* entry = keys.peek(key);
  const bool there = entry != nullptr && !keys.expired(*entry) && entry->type() == condition.type;
  return there || condition.also_when_missing;
}

KeyWaits::Queue& KeyWaits::queue_of(int db, std::string_view key, KeyCondition condition) {
  const auto found = queues_.find({db, key, condition.type, condition.also_when_missing});
  if (found != queues_.end()) return *found->second;
  auto made = std::make_unique<Queue>(databases_, db, std::string(key), condition);
  const Place place{db, made->key, condition.type, condition.also_when_missing};
  return *queues_.emplace(place, std::move(made)).first->second;
}

void KeyWaits::wait(Context& context, resp::Args keys, util::UnixMs deadline, KeyCondition condition) {
  drop_empty();
  for (const std::string_view key : keys) {
    context.block_on(queue_of(context.client().db, key, condition), deadline);
  }
}

static size_t count_keys(const auto& queues, auto&& counts) {
  std::set<std::pair<int, std::string_view>> keys;
  for (const auto& [place, queue] : queues) {
    if (!queue->empty() && counts(*queue)) keys.emplace(queue->db, queue->key);
  }
  return keys.size();
}

size_t KeyWaits::size() const {
  return count_keys(queues_, [](const Queue&) { return true; });
}

size_t KeyWaits::size_with_missing() const {
  return count_keys(queues_, [](const Queue& queue) { return queue.condition.also_when_missing; });
}

void KeyWaits::wake(int db, std::string_view key) {
  if (queues_.empty()) [[likely]]
    return;
  for (auto at = queues_.lower_bound({db, key, keyspace::TypeId{}, false});
       at != queues_.end() && at->second->db == db && at->second->key == key; ++at) {
    blocking_.wake(*at->second);
  }
}

void KeyWaits::on_flush(int db, int64_t) {
  for (auto& [place, queue] : queues_) {
    if (queue->db == db) blocking_.wake(*queue);
  }
}

void KeyWaits::drop_empty() {
  if (queues_.size() < drop_at_) return;
  std::erase_if(queues_, [](const auto& each) { return each.second->empty(); });
  drop_at_ = 2 * queues_.size() + 64;
}

}  // namespace command
