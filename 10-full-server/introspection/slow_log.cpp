// SPDX-License-Identifier: MIT
#include "10-full-server/introspection/slow_log.h"

#include <fmt/format.h>

#include <algorithm>

namespace introspection {

uint64_t SlowLog::from_ticks() const {
  if (slower_than < 0) return kNothing;
  return static_cast<uint64_t>(static_cast<double>(slower_than) * util::ticks_per_us());
}

static std::string shown(std::string_view argument) {
  if (argument.size() <= SlowLog::kLongestArgument) return std::string(argument);
  return fmt::format("{}... ({} more bytes)", argument.substr(0, SlowLog::kLongestArgument),
                     argument.size() - SlowLog::kLongestArgument);
}

static std::vector<std::string> shown(resp::Args args) {
  std::vector<std::string> result;
  const bool all = args.size() <= SlowLog::kMostArguments;
  const size_t count = all ? args.size() : SlowLog::kMostArguments - 1;
  result.reserve(count + 1);
  for (const std::string_view argument : args.first(count)) result.push_back(shown(argument));
  if (!all) result.push_back(fmt::format("... ({} more arguments)", args.size() - count));
  return result;
}

void SlowLog::after_command(const command::Execution& execution) {
  if (!execution.finished || (execution.command.row->flags & command::kSkipSlowlog) != 0) return;
  const command::Client& client = execution.client;
  entries_.push_front({.id = next_id_++,
                       .time = clock_.wall_ms() / 1000,
                       .microseconds = static_cast<int64_t>(static_cast<double>(execution.ticks) / util::ticks_per_us()),
                       .arguments = shown(execution.args),
                       .peer = client.owner != nullptr ? client.owner->peer_address() : "?:0",
                       .client_name = client.details().name});
  trim();
}

void SlowLog::trim() {
  while (static_cast<int64_t>(entries_.size()) > longest) entries_.pop_back();
}

}  // namespace introspection
