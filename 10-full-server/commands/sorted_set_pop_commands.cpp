// SPDX-License-Identifier: MIT
// ZPOPMIN, ZPOPMAX, ZMPOP take members from an end; BZPOPMIN, BZPOPMAX, BZMPOP wait until there is
// one. What those did is passed on as the ZPOPMIN or ZPOPMAX that would have done the same.
#include <algorithm>

#include "10-full-server/commands/list_commands.h"
#include "10-full-server/commands/sorted_set_commands.h"
#include "shared/command/key_waits.h"
#include "shared/util/numbers.h"

namespace full_server {

using command::Context;
using keyspace::Edit;
using types::Direction;
using types::SortedSet;
namespace errors = util::errors;

namespace {

constexpr int64_t kMost = std::numeric_limits<int64_t>::max();

types::RankRange ranks_at(const SortedSet& set, Direction end, int64_t count) {
  const size_t size = set.size();
  const size_t taken = std::min(size, static_cast<size_t>(count));
  return end == Direction::Up ? types::RankRange{0, taken} : types::RankRange{size - taken, size};
}

types::SortedSetCursor cursor_at(const SortedSet& set, Direction end) {
  return end == Direction::Up ? set.first() : set.last();
}

void take(Edit<SortedSet>& set, Direction end, const types::RankRange& ranks) {
  set->remove(ranks);
  set.changed(keyspace::Event::SortedSet, pop_event(end), static_cast<int64_t>(ranks.size()));
}

// In RESP2, and when no count is given, members and scores lie one behind the other.
void reply_flat(Context& c, types::SortedSetCursor at) {
  reply_packed(c, at.member());
  c.reply().number(at.score());
}

void pop(Context& c, Direction end) {
  if (c.argc() > 3) return c.fail(errors::kSyntax);
  const bool counted = c.argc() == 3;
  int64_t count = 1;
  if (counted) {
    command::ArgReader in = c.reader(2);
    count = in.integer_between(0, kMost, errors::kNotPositive);
    if (!in.ok()) return c.fail(in.error());
  }
  bool found = false;
  Edit<SortedSet> set = c.edit_existing<SortedSet>(c.arg(1), found);
  if (!set) return found ? void() : c.reply().array(0);
  if (count == 0) return c.reply().array(0);
  const types::RankRange ranks = ranks_at(set.read(), end, count);
  const types::SortedSetCursor at = cursor_at(set.read(), end);
  if (counted) {
    reply_members(c, at, end, ranks.size(), Scores::With);
  } else {
    c.reply().array(2);
    reply_flat(c, at);
  }
  take(set, end, ranks);
}

void zpopmin(Context& c) { pop(c, Direction::Up); }
void zpopmax(Context& c) { pop(c, Direction::Down); }

// numkeys key … MIN|MAX [COUNT count]
struct AnyOf {
  resp::Args keys;
  Direction end = Direction::Up;
  int64_t count = 1;
};

// From the argument `numkeys` on. Nothing: an error has been answered.
std::optional<AnyOf> read_any_of(Context& c, size_t numkeys) {
  AnyOf what;
  command::ArgReader in = c.reader(numkeys);
  const int64_t keys = in.integer_between(1, kMost, {"ERR numkeys should be greater than 0"});
  if (in.ok() && static_cast<uint64_t>(keys) >= in.left()) in.fail(errors::kSyntax);
  if (!in.ok()) return c.fail(in.error()), std::nullopt;
  what.keys = c.args(numkeys + 1).first(static_cast<size_t>(keys));
  in = c.reader(numkeys + 1 + what.keys.size());
  if (in.take("max")) {
    what.end = Direction::Down;
  } else if (!in.take("min")) {
    in.fail(errors::kSyntax);
  }
  if (in.take_with("count", 1)) {
    what.count = in.integer_between(1, kMost, {"ERR count should be greater than 0"});
  }
  if (in.more()) in.fail(errors::kSyntax);
  if (!in.ok()) return c.fail(in.error()), std::nullopt;
  return what;
}

// Answers with [key, members] of the first key that has a sorted set. False: none has one, and
// nothing has been answered.
bool pop_from_any(Context& c, const AnyOf& what) {
  for (const std::string_view key : what.keys) {
    bool found = false;
    Edit<SortedSet> set = c.edit_existing<SortedSet>(key, found);
    if (!found) continue;
    if (!set) return true;
    const types::RankRange ranks = ranks_at(set.read(), what.end, what.count);
    types::SortedSetCursor at = cursor_at(set.read(), what.end);
    c.reply().array(2);
    c.reply().bulk(key);
    c.reply().array(ranks.size());
    for (size_t i = 0; i < ranks.size(); ++i, at.step(what.end)) {
      c.reply().array(2);
      reply_flat(c, at);
    }
    take(set, what.end, ranks);
    char digits[util::kMaxInt64Digits];
    const std::string_view count(digits, util::format_uint64(ranks.size(), digits));
    c.propagate().as({pop_name(what.end), key, count});
    return true;
  }
  return false;
}

void zmpop(Context& c) {
  const auto what = read_any_of(c, 1);
  if (what && !pop_from_any(c, *what)) c.reply().null_array();
}

// Waits, unless the client must not: then nothing was there.
void wait_or_answer(Context& c, resp::Args keys, util::UnixMs deadline) {
  if (!c.client().may_block) return c.reply().null_array();
  c.get<command::KeyWaits>().wait(c, keys, deadline, {keyspace::TypeId::SortedSet});
}

// Answers with [key, member, score] of the first key that has a sorted set.
bool pop_one_from_any(Context& c, resp::Args keys, Direction end) {
  for (const std::string_view key : keys) {
    bool found = false;
    Edit<SortedSet> set = c.edit_existing<SortedSet>(key, found);
    if (!found) continue;
    if (!set) return true;
    c.reply().array(3);
    c.reply().bulk(key);
    reply_flat(c, cursor_at(set.read(), end));
    take(set, end, ranks_at(set.read(), end, 1));
    c.propagate().as({pop_name(end), key});
    return true;
  }
  return false;
}

void blocking_pop(Context& c, Direction end) {
  if (c.timed_out()) return c.reply().null_array();
  const auto deadline = deadline_argument(c, c.arg(c.argc() - 1));
  if (!deadline) return;
  const resp::Args keys = c.args(1).first(c.argc() - 2);
  if (!pop_one_from_any(c, keys, end)) wait_or_answer(c, keys, *deadline);
}

void bzpopmin(Context& c) { blocking_pop(c, Direction::Up); }
void bzpopmax(Context& c) { blocking_pop(c, Direction::Down); }

void bzmpop(Context& c) {
  if (c.timed_out()) return c.reply().null_array();
  const auto what = read_any_of(c, 2);
  if (!what) return;
  const auto deadline = deadline_argument(c, c.arg(1));
  if (!deadline || pop_from_any(c, *what)) return;
  wait_or_answer(c, what->keys, *deadline);
}

}  // namespace

std::span<const command::CommandRow> sorted_set_pop_commands() {
  using namespace command;
  constexpr KeyFlags kTaken = kKeyRW | kKeyAccess | kKeyDelete;
  constexpr Flags kWaits = kWrite | kBlocking;
  using Find = KeySpec::Find;
  static constexpr auto& kOne = kKeys<kTaken>;
  static constexpr auto& kSeveral = kKeys<kTaken, 1, -2>;
  static constexpr KeySpec kCounted[] = {
      {.flags = kTaken, .index = 1, .find = Find::Count, .count_index = 0, .first = 1}};
  static constexpr KeySpec kCountedLater[] = {
      {.flags = kTaken, .index = 2, .find = Find::Count, .count_index = 0, .first = 1}};
  static constexpr CommandRow kRows[] = {
      {"bzmpop", -5, kWaits | kMovableKeys, kCountedLater, kAclSortedSet, bzmpop},
      {"bzpopmax", -3, kWaits | kFast, kSeveral, kAclSortedSet, bzpopmax},
      {"bzpopmin", -3, kWaits | kFast, kSeveral, kAclSortedSet, bzpopmin},
      {"zmpop", -4, kWrite | kMovableKeys, kCounted, kAclSortedSet, zmpop},
      {"zpopmax", -2, kWrite | kFast, kOne, kAclSortedSet, zpopmax},
      {"zpopmin", -2, kWrite | kFast, kOne, kAclSortedSet, zpopmin},
  };
  return kRows;
}

}  // namespace full_server
