// SPDX-License-Identifier: MIT
#include "10-full-server/tracking/prefix_table.h"

#include <algorithm>

namespace tracking {

void PrefixTable::join(TrackedClient& client, std::string_view prefix) {
  auto& listeners = prefixes_[std::string(prefix)].listeners;
  if (std::find(listeners.begin(), listeners.end(), &client) == listeners.end())
    listeners.push_back(&client);
}

void PrefixTable::leave(TrackedClient& client, std::string_view prefix) {
  const auto found = prefixes_.find(prefix);
  if (found == prefixes_.end()) return;
  std::erase(found->second.listeners, &client);
  if (found->second.listeners.empty()) prefixes_.erase(found);
}

bool PrefixTable::note(std::string_view key, const command::Client* by) {
  bool wanted = false;
  for (auto& [prefix, state] : prefixes_) {
    if (!key.starts_with(prefix)) continue;
    state.changed.insert_or_assign(std::string(key), by);
    wanted = true;
  }
  return wanted;
}

void PrefixTable::forget(const command::Client& client) {
  for (auto& [prefix, state] : prefixes_) {
    for (auto& [key, by] : state.changed) {
      if (by == &client) by = nullptr;
    }
  }
}

void PrefixTable::hand_out(util::FunctionRef<void(TrackedClient&, const Changed&)> visit) {
  for (auto& [prefix, state] : prefixes_) {
    if (state.changed.empty()) continue;
    const Changed changed = std::exchange(state.changed, {});
    for (TrackedClient* listener : state.listeners) visit(*listener, changed);
  }
}

}  // namespace tracking
