// SPDX-License-Identifier: MIT
#include "10-full-server/transactions/transaction.h"

#include <algorithm>
#include <array>

namespace transactions {

// These end a transaction, or make no sense within one: they run.
static bool runs_at_once(const command::Command& command) {
  static constexpr std::array<std::string_view, 6> kNames = {"exec", "discard", "multi", "watch", "quit", "reset"};
  return std::find(kNames.begin(), kNames.end(), command.row->name) != kNames.end();
}

void Transaction::describe(command::ClientTraits& traits) const {
  traits.flags += 'x';
  traits.queued = static_cast<int64_t>(size());
  traits.queued_bytes = memory_size();
}

bool Transaction::take(const command::Command& command, resp::Args args) {
  if ((command.row->flags & command::kNoMulti) != 0) {
    spoiled_ = true;
    client_.reply.error("ERR Command not allowed inside a transaction");
    return true;
  }
  if (runs_at_once(command)) return false;
  requests_.push_back({&command, ends_.size(), args.size()});
  for (const std::string_view argument : args) {
    text_.append(argument);
    ends_.push_back(text_.size());
  }
  client_.reply.simple("QUEUED");
  return true;
}

std::vector<std::string_view> Transaction::args(size_t index) const {
  const Request& request = requests_[index];
  std::vector<std::string_view> result(request.argument_count);
  size_t begin = request.first_argument == 0 ? 0 : ends_[request.first_argument - 1];
  for (size_t i = 0; i < request.argument_count; ++i) {
    const size_t end = ends_[request.first_argument + i];
    result[i] = std::string_view(text_).substr(begin, end - begin);
    begin = end;
  }
  return result;
}

}  // namespace transactions
