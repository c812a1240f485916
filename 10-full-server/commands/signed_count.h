// SPDX-License-Identifier: MIT
//
// Counts whose sign has a meaning: of HRANDFIELD, SRANDMEMBER, ZRANDMEMBER, and LPOS' RANK. The lowest integer is refused,
// since it cannot be negated.
#pragma once

#include <limits>
#include <optional>

#include "shared/command/context.h"
#include "shared/util/numbers.h"

namespace full_server {

inline constexpr int64_t kMostSignedCount = std::numeric_limits<int64_t>::max();
inline constexpr util::Error kSignedCountOutOfRange{
    "ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807"};

// Nothing: an error has been answered.
inline std::optional<int64_t> read_signed_count(command::Context& c, size_t argument) {
  const auto count = util::parse_int64(c.arg(argument));
  if (!count) return c.fail(util::errors::kNotInteger), std::nullopt;
  if (*count < -kMostSignedCount) return c.fail(kSignedCountOutOfRange), std::nullopt;
  return count;
}

}  // namespace full_server
