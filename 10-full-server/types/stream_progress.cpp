// SPDX-License-Identifier: MIT
// A stream's groups, and how far each of them is: counting without walking, where that is possible.
#include "10-full-server/types/stream.h"

namespace types {

const StreamGroup* Stream::find_group(std::string_view name) const {
  const auto found = groups().find(name);
  return found == groups().end() ? nullptr : &found->second;
}

StreamGroup* Stream::find_group(std::string_view name) {
  return const_cast<StreamGroup*>(std::as_const(*this).find_group(name));
}

StreamGroup* Stream::add_group(std::string_view name, StreamId last_delivered,
                               int64_t entries_read) {
  const auto [at, added] = body().groups.try_emplace(std::string(name));
  if (!added) return nullptr;
  at->second.last_delivered = last_delivered;
  at->second.entries_read = entries_read;
  return &at->second;
}

bool Stream::remove_group(std::string_view name) {
  const auto found = body().groups.find(name);
  if (found == body().groups.end()) return false;
  body().groups.erase(found);
  return true;
}

bool Stream::may_lack_entries_from(StreamId id) const {
  if (size() == 0 || head().max_deleted_id.is_zero()) return false;
  if (head().first_id > head().max_deleted_id) return false;  // what was deleted lies before all
  return id <= head().max_deleted_id;
}

int64_t Stream::count_up_to(StreamId id) const {
  const auto added = static_cast<int64_t>(head().entries_added);
  if (added == 0) return 0;
  if (id == head().last_id) return added;
  if (size() == 0 && id < head().last_id) return added;
  if (id > head().last_id) return StreamGroup::kUnknownCount;
  const bool whole = head().max_deleted_id.is_zero() || head().max_deleted_id < head().first_id;
  const auto gone = added - static_cast<int64_t>(size());
  if (whole && id < head().first_id) return gone;
  if (whole && id == head().first_id) return gone + 1;
  return StreamGroup::kUnknownCount;
}

std::optional<int64_t> Stream::lag(const StreamGroup& group) const {
  const auto added = static_cast<int64_t>(head().entries_added);
  if (added == 0) return 0;
  int64_t read = group.entries_read;
  if (read == StreamGroup::kUnknownCount || may_lack_entries_from(group.last_delivered)) {
    read = count_up_to(group.last_delivered);
  }
  if (read == StreamGroup::kUnknownCount) return std::nullopt;
  return added - read;
}

void Stream::advance(StreamGroup& group, StreamId id) const {
  if (group.entries_read != StreamGroup::kUnknownCount && !may_lack_entries_from(id)) {
    ++group.entries_read;
  } else if (head().entries_added > 0) {
    group.entries_read = count_up_to(id);
  }
  group.last_delivered = id;
}

}  // namespace types
