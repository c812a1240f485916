// SPDX-License-Identifier: MIT
#include "04-expiry/deadline.h"

#include <limits>

#include "shared/util/todo.h"

namespace expiry {

std::optional<keyspace::UnixMs> deadline(int64_t amount, Unit unit, From from, keyspace::UnixMs now) {
  constexpr int64_t kHighest = std::numeric_limits<int64_t>::max(), kLowest = std::numeric_limits<int64_t>::min();
  // [04.1a begin] milliseconds since 1970, or nothing when they overflow
  if (unit == Unit::Seconds) {
    if (amount > kHighest / 1000 || amount < kLowest / 1000) return std::nullopt;
    amount *= 1000;
  }
  if (from == From::Epoch) return amount;
  if (amount > kHighest - now) return std::nullopt;
  return amount + now;
  // [04.1a end]
}

}  // namespace expiry
