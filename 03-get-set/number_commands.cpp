// SPDX-License-Identifier: MIT
// Counters: a string that is a number. Integers are kept as such (encoding "int"), so counting
// copies nothing.
#include <limits>

#include "03-get-set/commands.h"
#include "shared/command/context.h"
#include "shared/util/numbers.h"
#include "shared/util/todo.h"

namespace get_set {

using command::Context;
namespace errors = util::errors;

// The number that the value is, 0 when there is none yet; nothing when it is no number.
static std::optional<int64_t> number_in(const keyspace::StringEdit& value) {
  // [03.3a begin] strict: the whole value is one integer
  if (!value.exists()) return 0;
  if (keyspace::is_integer(*value.entry())) return static_cast<int64_t>(value.entry()->word());
  return util::parse_int64(value.text());
  // [03.3a end]
}

static void increment(Context& c, int64_t by) {
  keyspace::StringEdit value = c.edit_string(c.arg(1));
  if (!value) return;
  // [03.3b begin] check, then add
  const std::optional<int64_t> before = number_in(value);
  if (!before) return c.fail(errors::kNotInteger);
  const bool too_high = by > 0 && *before > std::numeric_limits<int64_t>::max() - by;
  const bool too_low = by < 0 && *before < std::numeric_limits<int64_t>::min() - by;
  if (too_high || too_low) return c.fail(errors::kOverflow);
  value.set_integer(*before + by);
  value.changed("incrby");
  c.reply().integer(*before + by);
  // [03.3b end]
}

static void incr(Context& c) { increment(c, 1); }
static void decr(Context& c) { increment(c, -1); }

static void incrby(Context& c) {
  command::ArgReader reader = c.reader(2);
  const int64_t by = reader.integer();
  if (!reader.ok()) return c.fail(reader.error());
  increment(c, by);
}

static void decrby(Context& c) {
  command::ArgReader reader = c.reader(2);
  const int64_t by = reader.integer();
  if (!reader.ok()) return c.fail(reader.error());
  if (by == std::numeric_limits<int64_t>::min())
    return c.fail(errors::kDecrementOverflow);  // it has no negative
  increment(c, -by);
}

std::span<const command::CommandRow> number_commands() {
  using namespace command;
  constexpr Flags kCounts = kWrite | kDenyOom | kFast;
  static constexpr auto& kKey = kKeys<kKeyRW | kKeyAccess | kKeyUpdate>;
  static constexpr CommandRow kRows[] = {
      {"incr", 2, kCounts, kKey, kAclString, incr},
      {"decr", 2, kCounts, kKey, kAclString, decr},
      {"incrby", 3, kCounts, kKey, kAclString, incrby},
      {"decrby", 3, kCounts, kKey, kAclString, decrby},
  };
  return kRows;
}

}  // namespace get_set
