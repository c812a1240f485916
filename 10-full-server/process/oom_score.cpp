// SPDX-License-Identifier: MIT
#include "10-full-server/process/oom_score.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <vector>

#include "shared/util/numbers.h"
#include "shared/util/text.h"

namespace process {

using util::Failure;
using util::Result;

std::string OomScore::text() const { return fmt::format("{} {} {}", values[0], values[1], values[2]); }

Result<> OomScore::set_values(std::string_view given) {
  const auto words = util::split_words(given);
  if (!words || words->size() != values.size()) return Failure{"wrong number of arguments"};
  std::array<int, 3> read{};
  for (size_t i = 0; i < read.size(); ++i) {
    const auto number = util::parse_int64((*words)[i]);
    if (!number || *number < -2000 || *number > 2000) {
      return Failure{"Invalid oom-score-adj-values, elements must be between -2000 and 2000."};
    }
    read[i] = static_cast<int>(*number);
  }
  values = read;
  return {};
}

Result<> OomScore::apply(Role role) {
  constexpr auto kFailed = "Failed to set current oom_score_adj. Check server logs.";
  if (mode == kNo && !changed_) return {};
  if (mode != kNo && !changed_) {
    std::ifstream file(path_);
    if (!(file >> before_)) return Failure{kFailed};
  }
  const int own = values[static_cast<size_t>(role)];
  const int wanted = mode == kNo ? before_ : mode == kRelative ? before_ + own : own;
  std::ofstream file(path_);
  file << std::clamp(wanted, -1000, 1000) << std::endl;
  if (!file) return Failure{kFailed};
  changed_ = mode != kNo;
  return {};
}

}  // namespace process
