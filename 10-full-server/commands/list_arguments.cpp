// SPDX-License-Identifier: MIT
// What list commands read from their arguments, and the arithmetic of ranges.
#include <algorithm>
#include <cmath>
#include <limits>

#include "10-full-server/commands/list_commands.h"
#include "shared/util/numbers.h"
#include "shared/util/text.h"

namespace full_server {

using command::Context;
using types::ListEnd;

std::optional<ListEnd> list_end(Context& c, std::string_view word) {
  if (util::equal_ignoring_case(word, "right")) return ListEnd::Back;
  if (util::equal_ignoring_case(word, "left")) return ListEnd::Front;
  c.fail(util::errors::kSyntax);
  return std::nullopt;
}

std::optional<util::UnixMs> deadline_argument(Context& c, std::string_view seconds) {
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  const auto refuse = [&](std::string_view why) {
    c.reply().error(why);
    return std::nullopt;
  };
  const auto value = util::parse_long_double(seconds);
  if (!value) return refuse("ERR timeout is not a float or out of range");
  const long double ms = std::ceil(*value * 1000);
  if (ms < 0) return refuse("ERR timeout is negative");
  if (ms > static_cast<long double>(kMax - c.now())) return refuse("ERR timeout is out of range");
  return ms == 0 ? 0 : static_cast<int64_t>(ms) + c.now();
}

std::optional<MultiPop> multi_pop_arguments(Context& c, size_t numkeys) {
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  command::ArgReader in = c.reader(numkeys);
  const int64_t keys = in.integer_between(1, kMax, {"ERR numkeys should be greater than 0"});
  if (in.ok() && static_cast<uint64_t>(keys) >= in.left()) in.fail(util::errors::kSyntax);
  if (!in.ok()) return c.fail(in.error()), std::nullopt;
  MultiPop result;
  result.keys = c.args(numkeys + 1).first(static_cast<size_t>(keys));
  const size_t word = numkeys + 1 + result.keys.size();
  const auto end = list_end(c, c.arg(word));
  if (!end) return std::nullopt;
  result.end = *end;
  in = c.reader(word + 1);
  if (in.take_with("count", 1)) {
    result.count = in.integer_between(1, kMax, {"ERR count should be greater than 0"});
  }
  if (in.more()) in.fail(util::errors::kSyntax);
  if (!in.ok()) return c.fail(in.error()), std::nullopt;
  return result;
}

ListRange list_range(int64_t start, int64_t stop, size_t size) {
  const auto length = static_cast<int64_t>(size);
  if (start < 0) start = std::max<int64_t>(start + length, 0);
  if (stop < 0) stop += length;
  stop = std::min(stop, length - 1);
  if (start > stop) return {};
  return {static_cast<size_t>(start), static_cast<size_t>(stop - start + 1)};
}

}  // namespace full_server
