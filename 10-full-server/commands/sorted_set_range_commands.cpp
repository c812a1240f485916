// SPDX-License-Identifier: MIT
// ZRANGE, ZRANGESTORE and the older forms ZREVRANGE, ZRANGEBYSCORE, ZREVRANGEBYSCORE, ZRANGEBYLEX,
// ZREVRANGEBYLEX, whose names say what ZRANGE is told by words. Whatever the range is given by, it
// becomes ranks; direction and LIMIT are arithmetic on those.
#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "10-full-server/commands/sorted_set_commands.h"

namespace full_server {

using command::Context;
using keyspace::View;
using types::Direction;
using types::RankRange;
using types::SortedSet;

namespace {

enum class By { Rank, Score, Lex };

struct RangeQuery {
  By by = By::Rank;
  Direction direction = Direction::Up;
  Scores scores = Scores::Without;
  int64_t offset = 0;
  int64_t limit = -1;  // negative: none
  IndexRange indexes = {};
  types::ScoreRange range = {};
  types::LexRange texts = {};
};

// What a command's name has decided already.
struct Form {
  std::optional<By> by = {};
  std::optional<Direction> direction = {};
  bool stores = false;
};

// False: an error has been answered.
bool read_options(Context& c, size_t from, const Form& form, RangeQuery& query) {
  query.by = form.by.value_or(By::Rank);
  query.direction = form.direction.value_or(Direction::Up);
  bool by_given = form.by.has_value(), direction_given = form.direction.has_value();
  command::ArgReader in = c.reader(from);
  while (in.more()) {
    if (!form.stores && in.take("withscores")) {
      query.scores = Scores::With;
    } else if (in.take_with("limit", 2)) {
      query.offset = in.integer();
      query.limit = in.integer();
    } else if (!direction_given && in.take("rev")) {
      query.direction = Direction::Down, direction_given = true;
    } else if (!by_given && in.take("bylex")) {
      query.by = By::Lex, by_given = true;
    } else if (!by_given && in.take("byscore")) {
      query.by = By::Score, by_given = true;
    } else {
      in.fail(util::errors::kSyntax);
    }
  }
  if (in.ok() && query.limit != -1 && query.by == By::Rank) {
    in.fail(
        {"ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX"});
  }
  if (query.scores == Scores::With && query.by == By::Lex) {
    in.fail({"ERR syntax error, WITHSCORES not supported in combination with BYLEX"});
  }
  if (!in.ok()) c.fail(in.error());
  return in.ok();
}

// `key` is the number of the argument; min, max and options follow. Nothing: an error has been
// answered.
std::optional<RangeQuery> read_query(Context& c, size_t key, const Form& form) {
  RangeQuery query;
  if (!read_options(c, key + 3, form, query)) return std::nullopt;
  std::string_view min = c.arg(key + 1), max = c.arg(key + 2);
  if (query.by == By::Rank) {
    const auto indexes = index_range(c, min, max);
    if (!indexes) return std::nullopt;
    query.indexes = *indexes;
    return query;
  }
  if (query.direction == Direction::Down) std::swap(min, max);
  if (query.by == By::Score) {
    const auto range = score_range(c, min, max);
    if (!range) return std::nullopt;
    query.range = *range;
  } else {
    const auto range = lex_range(c, min, max);
    if (!range) return std::nullopt;
    query.texts = *range;
  }
  return query;
}

// LIMIT, seen from where the walk begins.
RankRange limited(RankRange ranks, const RangeQuery& query) {
  const auto count = static_cast<int64_t>(ranks.size());
  if (query.offset < 0 || query.offset >= count) return {};
  const int64_t rest = count - query.offset;
  const auto length = static_cast<size_t>(query.limit < 0 ? rest : std::min(rest, query.limit));
  const auto skipped = static_cast<size_t>(query.offset);
  if (query.direction == Direction::Up) {
    return {ranks.begin + skipped, ranks.begin + skipped + length};
  }
  return {ranks.end - skipped - length, ranks.end - skipped};
}

RankRange ranks_of(const SortedSet& set, const RangeQuery& query) {
  if (query.by != By::Rank) {
    return limited(query.by == By::Score ? set.ranks_of(query.range) : set.ranks_of(query.texts),
                   query);
  }
  const size_t size = set.size();
  const RankRange ranks = query.indexes.in(size);
  if (query.direction == Direction::Up || ranks.empty()) return ranks;
  return {size - ranks.end, size - ranks.begin};
}

void range(Context& c, const Form& form) {
  const auto query = read_query(c, 1, form);
  if (!query) return;
  const View<SortedSet> set = c.view<SortedSet>(c.arg(1));
  if (!set) return;
  const RankRange ranks = ranks_of(*set, *query);
  if (ranks.empty()) return c.reply().array(0);
  const bool up = query->direction == Direction::Up;
  reply_members(c, set->at(up ? ranks.begin : ranks.end - 1), query->direction, ranks.size(),
                query->scores);
}

void zrange(Context& c) { range(c, {}); }
void zrevrange(Context& c) { range(c, {By::Rank, Direction::Down}); }
void zrangebyscore(Context& c) { range(c, {By::Score, Direction::Up}); }
void zrevrangebyscore(Context& c) { range(c, {By::Score, Direction::Down}); }
void zrangebylex(Context& c) { range(c, {By::Lex, Direction::Up}); }
void zrevrangebylex(Context& c) { range(c, {By::Lex, Direction::Down}); }

bool is_negative_zero(const SortedSet::Element& element) {
  return element.score == 0 && std::signbit(element.score);
}

// A listpack knows no sign of zero. Redis adds one after the other, in the query's direction, so that those which come
// while it is one lose it.
SortedSet one_by_one(std::vector<SortedSet::Element> elements, const RangeQuery& query) {
  SortedSet result;
  if (query.direction == Direction::Down) std::reverse(elements.begin(), elements.end());
  if (query.by == By::Rank) result.prepare(elements.size(), 0);
  for (const SortedSet::Element& element : elements) result.put(element.text, element.score);
  return result;
}

void zrangestore(Context& c) {
  const auto query = read_query(c, 2, {.stores = true});
  if (!query) return;
  const View<SortedSet> set = c.view<SortedSet>(c.arg(2));
  if (!set) return;
  const RankRange ranks = ranks_of(*set, *query);
  std::vector<SortedSet::Element> elements;
  elements.reserve(ranks.size());
  types::SortedSetCursor at = set->at(ranks.begin);
  for (; elements.size() < ranks.size(); at.next()) {
    types::PackedValue::Scratch digits;
    const types::PackedValue member = at.member();
    const std::string_view text = member.text(digits);
    elements.push_back({member.is_number() ? c.scratch().copy(text) : text, at.score()});
  }
  SortedSet result;
  if (std::ranges::any_of(elements, is_negative_zero)) {
    result = one_by_one(std::move(elements), *query);
  } else {
    result.build(elements);
  }
  store_sorted_set(c, c.arg(1), std::move(result), "zrangestore");
}

}  // namespace

std::span<const command::CommandRow> sorted_set_range_commands() {
  using namespace command;
  static constexpr auto& kRead = kKeys<kKeyRO | kKeyAccess>;
  static constexpr KeySpec kStore[] = {{.flags = kKeyOW | kKeyUpdate, .index = 1},
                                       {.flags = kKeyRO | kKeyAccess, .index = 2}};
  static constexpr CommandRow kRows[] = {
      {"zrange", -4, kReadOnly, kRead, kAclSortedSet, zrange},
      {"zrangebylex", -4, kReadOnly, kRead, kAclSortedSet, zrangebylex},
      {"zrangebyscore", -4, kReadOnly, kRead, kAclSortedSet, zrangebyscore},
      {"zrangestore", -5, kWrite | kDenyOom, kStore, kAclSortedSet, zrangestore},
      {"zrevrange", -4, kReadOnly, kRead, kAclSortedSet, zrevrange},
      {"zrevrangebylex", -4, kReadOnly, kRead, kAclSortedSet, zrevrangebylex},
      {"zrevrangebyscore", -4, kReadOnly, kRead, kAclSortedSet, zrevrangebyscore},
  };
  return kRows;
}

}  // namespace full_server
