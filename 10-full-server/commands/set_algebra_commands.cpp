// SPDX-License-Identifier: MIT
// SINTER, SUNION, SDIFF, their STORE forms and SINTERCARD. Answers are written while the sets are walked, without a set in
// between, but for a union of many sets and a difference that is cheaper to make by removing.
#include <algorithm>
#include <limits>
#include <span>

#include "10-full-server/commands/set_handlers.h"
#include "shared/util/numbers.h"

namespace full_server::sets {

using command::Context;
using keyspace::Event;
using types::PackedValue;
using types::Set;
using types::SetEncoding;
using util::FunctionRef;
namespace errors = util::errors;

using Sets = std::span<const Set*>;  // null: there is no such key
using Visit = FunctionRef<void(PackedValue)>;

// False: answered. What the span refers to lives until the turn's end.
static bool read_sets(Context& c, resp::Args keys, Sets& sets) {
  auto** const found =
      reinterpret_cast<const Set**>(c.scratch().allocate(keys.size() * sizeof(Set*)));
  sets = Sets(found, keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    const auto set = c.view<Set>(keys[i]);
    if (!set) return false;
    sets[i] = set.exists() ? &*set : nullptr;
  }
  return true;
}

static size_t size_of(const Set* set) { return set == nullptr ? 0 : set->size(); }

// The smallest set is walked, the others are asked, small ones first. `visit` returning false ends it.
static void intersect(Sets sets, FunctionRef<bool(PackedValue)> visit) {
  std::sort(sets.begin(), sets.end(),
            [](const Set* a, const Set* b) { return size_of(a) < size_of(b); });
  if (sets[0] == nullptr) return;
  const Sets others = sets.subspan(1);
  sets[0]->for_each_while([&](PackedValue member) {
    for (const Set* other : others) {
      if (other != sets[0] && !other->contains(member)) return true;
    }
    return visit(member);
  });
}

// A union as a set of its own, in the shape that Redis gives it.
static Set united(Sets sets) {
  Set result = Set::integers();
  for (const Set* set : sets) {
    if (set != nullptr) set->for_each([&](PackedValue member) { result.add(member); });
  }
  return result;
}

// With few sets a member is told by the first that has it; the biggest comes first, since nothing is asked about its members.
static void unite(Sets sets, Visit visit) {
  constexpr size_t kFew = 4;
  if (sets.size() > kFew) return united(sets).for_each(visit);
  std::sort(sets.begin(), sets.end(),
            [](const Set* a, const Set* b) { return size_of(a) > size_of(b); });
  for (size_t i = 0; i < sets.size() && sets[i] != nullptr; ++i) {
    const Sets before = sets.first(i);
    sets[i]->for_each([&](PackedValue member) {
      for (const Set* other : before) {
        if (other->contains(member)) return;
      }
      visit(member);
    });
  }
}

// Whether asking the other sets about each member of the first is less work than walking all of them. It gets a discount:
// one set that has the member is enough.
static bool asking_is_cheaper(Sets sets) {
  size_t asked = 0, walked = 0;
  for (const Set* set : sets) {
    if (set == nullptr) continue;
    asked += size_of(sets[0]);
    walked += set->size();
  }
  return asked / 2 <= walked;
}

static void subtract(Sets sets, Visit visit) {
  const Set* const first = sets[0];
  const Sets others = sets.subspan(1);
  if (first == nullptr || std::find(others.begin(), others.end(), first) != others.end()) return;
  if (asking_is_cheaper(sets)) {
    std::sort(others.begin(), others.end(),
              [](const Set* a, const Set* b) { return size_of(a) > size_of(b); });
    first->for_each([&](PackedValue member) {
      for (const Set* other : others) {
        if (other != nullptr && other->contains(member)) return;
      }
      visit(member);
    });
    return;
  }
  Set rest = first->clone();
  for (const Set* other : others) {
    if (other != nullptr) other->for_each([&](PackedValue member) { rest.remove(member); });
    if (rest.empty()) return;
  }
  rest.for_each(visit);
}

// An empty result deletes the key.
static void store(Context& c, Set result, std::string_view event) {
  const std::string_view key = c.arg(1);
  const auto count = static_cast<int64_t>(result.size());
  if (count > 0) {
    c.db().store(
        keyspace::new_entry(key, std::move(result), keyspace::kNever, c.db().environment().clock));
    c.changed(Event::Set, event, key);
  } else if (c.db().erase(key)) {
    c.changed(Event::Generic, "del", key);
  }
  c.reply().integer(count);
}

// Answers what `compute(sets, visit)` visits.
template <class Compute>
static void reply_result(Context& c, Compute&& compute) {
  Sets sets;
  if (!read_sets(c, c.args(1), sets)) return;
  size_t count = 0;
  auto reply = c.reply().open_set();
  compute(sets, [&](PackedValue member) {
    reply_packed(c, member);
    ++count;
  });
  reply.close(count);
}

void sinter(Context& c) {
  reply_result(c, [](Sets sets, auto&& visit) {
    intersect(sets, [&](PackedValue member) {
      visit(member);
      return true;
    });
  });
}

void sunion(Context& c) {
  reply_result(c, [](Sets sets, Visit visit) { unite(sets, visit); });
}

void sdiff(Context& c) {
  reply_result(c, [](Sets sets, Visit visit) { subtract(sets, visit); });
}

// Of the shape of the smallest set at first; integers alone are an intset in the end.
void sinterstore(Context& c) {
  Sets sets;
  if (!read_sets(c, c.args(2), sets)) return;
  const Set* smallest = *std::min_element(
      sets.begin(), sets.end(), [](const Set* a, const Set* b) { return size_of(a) < size_of(b); });
  Set result;
  if (smallest != nullptr && smallest->encoding() == SetEncoding::IntSet) result = Set::integers();
  bool only_integers = true;
  intersect(sets, [&](PackedValue member) {
    PackedValue::Scratch scratch;
    only_integers =
        only_integers && (member.is_number() || util::parse_int64(member.text(scratch)));
    result.add(member);
    return true;
  });
  if (only_integers && !result.empty()) result.settle_as_integers();
  store(c, std::move(result), "sinterstore");
}

void sunionstore(Context& c) {
  Sets sets;
  if (read_sets(c, c.args(2), sets)) store(c, united(sets), "sunionstore");
}

void sdiffstore(Context& c) {
  Sets sets;
  if (!read_sets(c, c.args(2), sets)) return;
  Set result = Set::integers();
  subtract(sets, [&](PackedValue member) { result.add(member); });
  store(c, std::move(result), "sdiffstore");
}

// SINTERCARD numkeys key [key …] [LIMIT limit]
void sintercard(Context& c) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  command::ArgReader reader = c.reader(1);
  const int64_t keys = reader.integer_between(1, kMost, {"ERR numkeys should be greater than 0"});
  if (!reader.ok()) return c.fail(reader.error());
  if (keys > static_cast<int64_t>(c.argc() - 2))
    return c.fail({"ERR Number of keys can't be greater than number of args"});
  int64_t limit = 0;
  reader = c.reader(2 + static_cast<size_t>(keys));
  while (reader.more()) {
    if (reader.take_with("limit", 1)) {
      limit = reader.integer_between(0, kMost, {"ERR LIMIT can't be negative"});
    } else {
      reader.fail(errors::kSyntax);
    }
  }
  if (!reader.ok()) return c.fail(reader.error());
  Sets sets;
  if (!read_sets(c, c.args(2).first(static_cast<size_t>(keys)), sets)) return;
  int64_t count = 0;
  intersect(sets, [&](PackedValue) { return ++count != limit; });
  c.reply().integer(count);
}

}  // namespace full_server::sets
