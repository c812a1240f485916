// SPDX-License-Identifier: MIT
#include "shared/command/key_waits.h"

#include <algorithm>

#include "shared/command/context.h"

namespace command {

void KeyWaits::wait(Context& context, resp::Args keys, util::UnixMs deadline) {
  drop_empty();
  for (const std::string_view key : keys) {
    auto& queue = queues_[{context.client().db, std::string(key)}];
    if (!queue) queue = std::make_unique<WaitQueue>();
    context.block_on(*queue, deadline);
  }
}

size_t KeyWaits::size() const {
  return static_cast<size_t>(std::count_if(queues_.begin(), queues_.end(), [](const auto& each) { return !each.second->empty(); }));
}

void KeyWaits::wake(int db, std::string_view key) {
  if (queues_.empty()) [[likely]]
    return;
  const auto found = queues_.find(std::pair<int, std::string>(db, key));
  if (found != queues_.end()) blocking_.wake(*found->second);
}

void KeyWaits::on_flush(int db, int64_t) {
  for (auto& [place, queue] : queues_) {
    if (place.first == db) blocking_.wake(*queue);
  }
}

void KeyWaits::drop_empty() {
  if (queues_.size() < drop_at_) return;
  std::erase_if(queues_, [](const auto& each) { return each.second->empty(); });
  drop_at_ = 2 * queues_.size() + 64;
}

}  // namespace command
