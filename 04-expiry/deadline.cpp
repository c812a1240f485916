// SPDX-License-Identifier: MIT
#include "04-expiry/deadline.h"

#include <limits>
#include <vector>

#include "shared/command/context.h"
#include "shared/util/numbers.h"
#include "shared/util/todo.h"

namespace expiry {

using keyspace::Event;
using keyspace::UnixMs;

std::optional<UnixMs> deadline(int64_t amount, Unit unit, From from, UnixMs now) {
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

void set_deadline(command::Context& c, std::string_view key, keyspace::Entry* entry, UnixMs when,
                  resp::Args conditions) {
  // A replica and a server that loads its data keep everything: deleting is for others to order.
  const bool may_delete = c.db().environment().expiry == keyspace::ExpiryMode::Delete;
  // [04.1b begin] a moment that has passed deletes now; any other is stored and reported
  if (when <= c.now() && may_delete) {
    c.db().erase(entry);
    c.changed(Event::Generic, "del", key);
    c.propagate().as({"DEL", key});
    return;
  }
  c.db().expire_at(entry, when);
  c.changed(Event::Generic, "expire", key);
  // [04.1b end]
  char digits[util::kMaxInt64Digits];
  const std::string_view moment(digits, util::format_int64(when, digits));
  if (conditions.empty()) {
    c.propagate().as({"PEXPIREAT", key, moment});
    return;
  }
  std::vector<std::string_view> words = {"PEXPIREAT", key, moment};
  words.insert(words.end(), conditions.begin(), conditions.end());
  c.propagate().as(words);
}

}  // namespace expiry
