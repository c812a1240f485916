// SPDX-License-Identifier: MIT
#include "10-full-server/types/stream_group.h"

#include <utility>

#include "shared/util/memory.h"

namespace types {

StreamGroup::StreamGroup(const StreamGroup& other)
    : last_delivered(other.last_delivered), entries_read(other.entries_read) {
  for (const auto& [name, consumer] : other.consumers_) {
    StreamConsumer& copy = add_consumer(name, consumer.seen_at);
    copy.active_at = consumer.active_at;
  }
  for (const auto& [id, entry] : other.pending_) {
    PendingEntry& copy =
        pending_
            .emplace_hint(pending_.end(), id,
                          PendingEntry{entry.delivered_at, entry.deliveries, nullptr})
            ->second;
    assign(id, copy, *find_consumer(entry.consumer->name()));
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
  for (const auto& [id, entry] : consumer.pending_) pending_.erase(id);
  consumers_.erase(consumers_.find(consumer.name()));
  return count;
}

PendingEntry* StreamGroup::find_pending(StreamId id) {
  const auto found = pending_.find(id);
  return found == pending_.end() ? nullptr : &found->second;
}

PendingEntry* StreamGroup::add_pending(StreamId id, PendingEntry entry) {
  const size_t before = pending_.size();
  const auto at = pending_.emplace_hint(pending_.end(), id, entry);
  return pending_.size() == before ? nullptr : &at->second;
}

PendingEntry& StreamGroup::deliver(StreamId id, StreamConsumer& consumer, int64_t now) {
  const auto at = pending_.emplace_hint(pending_.end(), id, PendingEntry{});
  at->second.delivered_at = now;
  at->second.deliveries = 1;
  assign(id, at->second, consumer);
  return at->second;
}

void StreamGroup::assign(StreamId id, PendingEntry& entry, StreamConsumer& consumer) {
  if (entry.consumer == &consumer) return;
  forget(id, entry);
  entry.consumer = &consumer;
  consumer.pending_.emplace_hint(consumer.pending_.end(), id, &entry);
}

void StreamGroup::forget(StreamId id, const PendingEntry& entry) {
  if (entry.consumer != nullptr) entry.consumer->pending_.erase(id);
}

StreamGroup::Pending::const_iterator StreamGroup::acknowledge(Pending::const_iterator at) {
  forget(at->first, at->second);
  return pending_.erase(at);
}

bool StreamGroup::acknowledge(StreamId id) {
  const auto found = pending_.find(id);
  if (found == pending_.end()) return false;
  acknowledge(found);
  return true;
}

// A map's node is three pointers and a colour beside its content.
size_t StreamGroup::memory_size() const {
  constexpr size_t kNode = 4 * sizeof(void*);
  const size_t per_pending = memory::good_size(kNode + sizeof(Pending::value_type)) +
                             memory::good_size(kNode + sizeof(StreamConsumer::Pending::value_type));
  size_t total = pending_.size() * per_pending;
  for (const auto& [name, consumer] : consumers_) {
    total += memory::good_size(kNode + sizeof(Consumers::value_type));
    if (name.capacity() > std::string().capacity()) total += memory::good_size(name.capacity() + 1);
  }
  return total;
}

}  // namespace types
