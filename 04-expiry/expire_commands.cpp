// SPDX-License-Identifier: MIT
// EXPIRE and its three sisters, TTL and its three, PERSIST.
#include <fmt/format.h>

#include "04-expiry/commands.h"
#include "04-expiry/deadline.h"
#include "shared/command/context.h"
#include "shared/util/text.h"
#include "shared/util/todo.h"

namespace expiry {

using command::Context;
using keyspace::Entry;
using keyspace::Event;
using keyspace::LookupFlags;
using keyspace::UnixMs;

namespace {

struct Conditions {
  bool nx = false, xx = false, gt = false, lt = false;
};

// NX | XX | GT | LT; answers what is wrong with them.
bool read_conditions(Context& c, Conditions& on) {
  for (const std::string_view word : c.args(3)) {
    const auto is = [&](std::string_view name) { return util::equal_ignoring_case(word, name); };
    if (!is("nx") && !is("xx") && !is("gt") && !is("lt")) {
      c.reply().error(fmt::format("ERR Unsupported option {}", word));
      return false;
    }
    (is("nx") ? on.nx : is("xx") ? on.xx : is("gt") ? on.gt : on.lt) = true;
  }
  if (on.nx && (on.xx || on.gt || on.lt)) {
    c.reply().error("ERR NX and XX, GT or LT options at the same time are not compatible");
    return false;
  }
  if (on.gt && on.lt) {
    c.reply().error("ERR GT and LT options at the same time are not compatible");
    return false;
  }
  return true;
}

// A key without a deadline lives for ever: no deadline is greater, every deadline is less.
bool holds(const Conditions& on, const Entry& entry, UnixMs when) {
  const bool has = entry.has_deadline();
  if (on.nx && has) return false;
  if (on.xx && !has) return false;
  if (on.gt && (!has || when <= entry.deadline())) return false;
  return !(on.lt && has && when >= entry.deadline());
}

template <Unit unit, From from>
void expire(Context& c) {
  Conditions on;
  if (!read_conditions(c, on)) return;
  command::ArgReader reader = c.reader(2);
  const int64_t amount = reader.integer();
  if (!reader.ok()) return c.fail(reader.error());
  const auto when = deadline(amount, unit, from, c.now());
  if (!when) return c.reply().error(fmt::format("ERR invalid expire time in '{}' command", c.command().name));
  Entry* entry = c.db().find(c.arg(1), LookupFlags::Write);
  if (entry == nullptr || !holds(on, *entry, *when)) return c.reply().integer(0);
  set_deadline(c, c.arg(1), entry, *when, c.args(3));
  c.reply().integer(1);
}

// -2: no such key; -1: no deadline; else what is left, or the deadline itself.
template <Unit unit, From from>
void ttl(Context& c) {
  const Entry* entry = c.db().find(c.arg(1), LookupFlags::NoTouch);
  // [04.1c begin] -2, -1, or the time
  if (entry == nullptr) return c.reply().integer(-2);
  if (!entry->has_deadline()) return c.reply().integer(-1);
  const UnixMs when = entry->deadline();
  const int64_t left = from == From::Epoch ? when : std::max<int64_t>(when - c.now(), 0);
  c.reply().integer(unit == Unit::Seconds ? left / 1000 + (left % 1000 >= 500) : left);
  // [04.1c end]
}

void persist(Context& c) {
  Entry* entry = c.db().find(c.arg(1), LookupFlags::Write);
  // [04.1d begin] 1 when there was a deadline to remove
  if (entry == nullptr || !entry->has_deadline()) return c.reply().integer(0);
  c.db().persist(entry);
  c.changed(Event::Generic, "persist", c.arg(1));
  c.reply().integer(1);
  // [04.1d end]
}

}  // namespace

std::span<const command::CommandRow> expire_commands() {
  using namespace command;
  constexpr Flags kSets = kWrite | kFast, kTells = kReadOnly | kFast;
  static constexpr auto& kSet = kKeys<kKeyRW | kKeyUpdate>;
  static constexpr auto& kRead = kKeys<kKeyRO | kKeyAccess>;
  static constexpr std::string_view kVaries[] = {"nondeterministic_output"};
  static constexpr CommandRow kRows[] = {
      {"expire", -3, kSets, kSet, kAclKeyspace, expire<Unit::Seconds, From::Now>},
      {"pexpire", -3, kSets, kSet, kAclKeyspace, expire<Unit::Milliseconds, From::Now>},
      {"expireat", -3, kSets, kSet, kAclKeyspace, expire<Unit::Seconds, From::Epoch>},
      {"pexpireat", -3, kSets, kSet, kAclKeyspace, expire<Unit::Milliseconds, From::Epoch>},
      {"ttl", 2, kTells, kRead, kAclKeyspace, ttl<Unit::Seconds, From::Now>, kVaries},
      {"pttl", 2, kTells, kRead, kAclKeyspace, ttl<Unit::Milliseconds, From::Now>, kVaries},
      {"expiretime", 2, kTells, kRead, kAclKeyspace, ttl<Unit::Seconds, From::Epoch>},
      {"pexpiretime", 2, kTells, kRead, kAclKeyspace, ttl<Unit::Milliseconds, From::Epoch>},
      {"persist", 2, kSets, kSet, kAclKeyspace, persist},
  };
  return kRows;
}

}  // namespace expiry
