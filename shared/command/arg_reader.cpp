// SPDX-License-Identifier: MIT
#include "shared/command/arg_reader.h"

#include "shared/util/numbers.h"
#include "shared/util/text.h"

namespace command {

bool ArgReader::take(std::string_view word) { return take_with(word, 0); }

bool ArgReader::take_with(std::string_view word, size_t values) {
  if (!more() || left() <= values || !util::equal_ignoring_case(args_[at_], word)) return false;
  ++at_;
  return true;
}

std::string_view ArgReader::next() {
  if (!more()) {
    fail(util::errors::kSyntax);
    return {};
  }
  return args_[at_++];
}

int64_t ArgReader::integer(util::Error error) {
  return integer_between(std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max(), error);
}

int64_t ArgReader::integer_between(int64_t low, int64_t high, util::Error error) {
  const std::string_view text = next();
  if (!ok()) return 0;
  const auto value = util::parse_int64(text);
  if (value && *value >= low && *value <= high) return *value;
  fail(error);
  return 0;
}

double ArgReader::number(util::Error error) {
  const std::string_view text = next();
  if (!ok()) return 0;
  const auto value = util::parse_double(text);
  if (value) return *value;
  fail(error);
  return 0;
}

}  // namespace command
