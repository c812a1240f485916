// SPDX-License-Identifier: MIT
#include "10-full-server/types/stream_group.h"

#include <utility>

#include "shared/util/memory.h"

namespace types {

StreamGroup::StreamGroup(const StreamGroup& other)
    : last_delivered(other.last_delivered), entries_read(other.entries_read) {
  for (const auto& [name, consumer] : other.consumers_) {
    add_consumer(name, consumer.seen_at).active_at = consumer.active_at;
  }
  for (PendingEntry entry : other.pending_) {
    StreamConsumer& owner = *find_consumer(std::exchange(entry.consumer, nullptr)->name());
    assign(*add_pending(entry), owner);
  }
}

const StreamConsumer* StreamGroup::find_consumer(std::string_view name) const {
  const auto found = consumers_.find(name);
  return found == consumers_.end() ? nullptr : &found->second;
}

StreamConsumer* StreamGroup::find_consumer(std::string_view name) {
  return const_cast<StreamConsumer*>(std::as_const(*this).find_consumer(name));
}

StreamConsumer& StreamGroup::add_consumer(std::string_view name, int64_t now) {
  const auto at = consumers_.try_emplace(std::string(name), std::string_view()).first;
  at->second.name_ = at->first;
  at->second.seen_at = now;
  return at->second;
}

size_t StreamGroup::remove_consumer(StreamConsumer& consumer) {
  const size_t count = consumer.pending_.size();
  for (const PendingId each : consumer.pending_) pending_.erase(each.id);
  consumers_.erase(consumers_.find(consumer.name()));
  return count;
}

PendingEntry* StreamGroup::add_pending(const PendingEntry& entry) {
  const auto [at, added] = pending_.insert(entry);
  return added ? at : nullptr;
}

PendingEntry& StreamGroup::deliver(StreamId id, StreamConsumer& consumer, int64_t now) {
  PendingEntry& entry = *pending_.insert({.id = id}).first;
  entry.delivered_at = now;
  entry.deliveries = 1;
  assign(entry, consumer);
  return entry;
}

void StreamGroup::assign(PendingEntry& entry, StreamConsumer& consumer) {
  if (entry.consumer == &consumer) return;
  if (entry.consumer != nullptr) entry.consumer->pending_.erase(entry.id);
  entry.consumer = &consumer;
  consumer.pending_.insert({entry.id});
}

bool StreamGroup::acknowledge(StreamId id) {
  const PendingEntry* const entry = pending_.find(id);
  if (entry == nullptr) return false;
  if (entry->consumer != nullptr) entry->consumer->pending_.erase(id);
  return pending_.erase(id);
}

size_t StreamGroup::memory_size() const {
  constexpr size_t kNode = 4 * sizeof(void*);  // three pointers and a colour: a map's
  size_t total = pending_.memory_size();
  for (const auto& [name, consumer] : consumers_) {
    total +=
        memory::good_size(kNode + sizeof(Consumers::value_type)) + consumer.pending().memory_size();
    if (name.capacity() > std::string().capacity()) total += memory::good_size(name.capacity() + 1);
  }
  return total;
}

}  // namespace types
