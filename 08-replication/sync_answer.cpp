// SPDX-License-Identifier: MIT
#include "08-replication/sync_answer.h"

#include "08-replication/history.h"
#include "shared/util/numbers.h"

namespace replication {

SyncAnswer read_sync_answer(std::string_view line) {
  using Kind = SyncAnswer::Kind;
  constexpr std::string_view kFull = "+FULLRESYNC ", kContinue = "+CONTINUE";
  if (line.starts_with("-NOMASTERLINK") || line.starts_with("-LOADING"))
    return {Kind::Later, "", 0};
  if (line.starts_with(kFull)) {
    line.remove_prefix(kFull.size());
    if (line.size() < History::kIdLength + 2 || line[History::kIdLength] != ' ') return {};
    const auto position = util::parse_int64(line.substr(History::kIdLength + 1));
    if (!position || *position < 0) return {};
    return {Kind::FullCopy, std::string(line.substr(0, History::kIdLength)), *position};
  }
  if (line.starts_with(kContinue)) {
    line.remove_prefix(kContinue.size());
    if (line.size() == History::kIdLength + 1 && line.front() == ' ')
      return {Kind::Continue, std::string(line.substr(1)), 0};
    return {Kind::Continue, "", 0};
  }
  return {};
}

}  // namespace replication
