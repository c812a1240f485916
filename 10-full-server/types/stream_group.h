// SPDX-License-Identifier: MIT
//
// A consumer group: how far it has read, who reads, and what was delivered and not acknowledged yet. An entry is pending
// once in the group, with all that is known of it, and once, by its id, with exactly one of its consumers; neither is
// ever there without the other (but for a file that is being read, between add_pending() and assign()). Whether the
// stream still has the entry is not known here. Times are Unix milliseconds. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "10-full-server/types/sorted_blocks.h"
#include "10-full-server/types/stream_id.h"

namespace types {

class StreamConsumer;

struct PendingEntry {
  StreamId id;
  int64_t delivered_at = 0;
  uint64_t deliveries = 1;
  StreamConsumer* consumer = nullptr;
};

struct PendingId {
  StreamId id;
};

class StreamConsumer {
 public:
  static constexpr int64_t kNeverActive = -1;
  using Pending = SortedBlocks<PendingId>;

  explicit StreamConsumer(std::string_view name) : name_(name) {}
  StreamConsumer(const StreamConsumer&) = delete;

  std::string_view name() const { return name_; }
  const Pending& pending() const { return pending_; }

  int64_t seen_at = 0;               // when it last asked for anything
  int64_t active_at = kNeverActive;  // … and got something

 private:
  friend class StreamGroup;
  std::string_view name_;  // the group's
  Pending pending_;
};

class StreamGroup {
 public:
  static constexpr int64_t kUnknownCount = -1;
  using Pending = SortedBlocks<PendingEntry>;
  using Consumers = std::map<std::string, StreamConsumer, std::less<>>;

  StreamGroup() = default;
  StreamGroup(const StreamGroup& other);
  StreamGroup& operator=(const StreamGroup&) = delete;

  StreamId last_delivered;
  // Which number the last delivered entry has among all that were ever added, where that is known.
  int64_t entries_read = kUnknownCount;

  const Pending& pending() const { return pending_; }
  const Consumers& consumers() const { return consumers_; }
  StreamConsumer* find_consumer(std::string_view name);
  const StreamConsumer* find_consumer(std::string_view name) const;
  StreamConsumer& add_consumer(std::string_view name, int64_t now);  // REQUIRES: there is none
  size_t remove_consumer(
      StreamConsumer& consumer);  // with its pending entries; how many there were

  // Valid until another one becomes pending or is acknowledged. Null: it is not pending.
  PendingEntry* find_pending(StreamId id) { return pending_.find(id); }
  const PendingEntry* find_pending(StreamId id) const { return pending_.find(id); }
  // Pending from now on, whoever had it before: the first delivery to this consumer.
  PendingEntry& deliver(StreamId id, StreamConsumer& consumer, int64_t now);
  // Pending and, without a consumer, nobody's: assign() must follow. Null: it is pending already.
  PendingEntry* add_pending(const PendingEntry& entry);
  void assign(PendingEntry& entry, StreamConsumer& consumer);
  bool acknowledge(StreamId id);  // false: it was not pending

  size_t memory_size() const;

 private:
  Pending pending_;
  Consumers consumers_;
};

}  // namespace types
