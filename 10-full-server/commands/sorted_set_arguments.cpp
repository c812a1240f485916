// SPDX-License-Identifier: MIT
// What commands on sorted sets read and answer alike.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <utility>

#include "10-full-server/commands/sorted_set_commands.h"
#include "shared/util/numbers.h"

namespace full_server {

using command::Context;
using types::LexBound;
using types::LexRange;
using types::RankRange;
using types::ScoreRange;

// As strtod reads it, so that space in front and no digits at all are a number, too: "(" is "(0".
static std::optional<double> read_bound(std::string_view text) {
  if (const auto number = util::parse_double(text)) return number;
  const std::string copy(text);
  char* end = nullptr;
  const double number = std::strtod(copy.c_str(), &end);
  if (*end != '\0' || std::isnan(number)) return std::nullopt;
  return number;
}

std::optional<ScoreRange> score_range(Context& c, std::string_view min, std::string_view max) {
  const bool min_exclusive = min.starts_with('('), max_exclusive = max.starts_with('(');
  const auto low = read_bound(min.substr(min_exclusive ? 1 : 0));
  const auto high = read_bound(max.substr(max_exclusive ? 1 : 0));
  if (low && high) return ScoreRange{*low, *high, min_exclusive, max_exclusive};
  c.reply().error("ERR min or max is not a float");
  return std::nullopt;
}

static std::optional<LexBound> read_lex_bound(std::string_view text) {
  if (text == "-") return LexBound{LexBound::Kind::Lowest};
  if (text == "+") return LexBound{LexBound::Kind::Highest};
  if (!text.starts_with('(') && !text.starts_with('[')) return std::nullopt;
  return LexBound{LexBound::Kind::Text, text.substr(1), text[0] == '('};
}

std::optional<LexRange> lex_range(Context& c, std::string_view min, std::string_view max) {
  const auto low = read_lex_bound(min), high = read_lex_bound(max);
  if (low && high) return LexRange{*low, *high};
  c.reply().error("ERR min or max not valid string range item");
  return std::nullopt;
}

std::optional<IndexRange> index_range(Context& c, std::string_view start, std::string_view stop) {
  const auto first = util::parse_int64(start), last = util::parse_int64(stop);
  if (first && last) return IndexRange{*first, *last};
  c.fail(util::errors::kNotInteger);
  return std::nullopt;
}

RankRange IndexRange::in(size_t size) const {
  const auto length = static_cast<int64_t>(size);
  const int64_t first = std::max<int64_t>(start < 0 ? start + length : start, 0);
  const int64_t last = std::min(stop < 0 ? stop + length : stop, length - 1);
  if (first > last) return {};
  return {static_cast<size_t>(first), static_cast<size_t>(last) + 1};
}

void open_members(Context& c, size_t count, Scores scores) {
  const bool flat = scores == Scores::With && c.reply().protocol() < 3;
  c.reply().array(flat ? 2 * count : count);
}

void reply_member(Context& c, types::PackedValue member, double score, Scores scores) {
  if (scores == Scores::Without) return reply_packed(c, member);
  if (c.reply().protocol() >= 3) c.reply().array(2);
  reply_packed(c, member);
  c.reply().number(score);
}

void reply_members(Context& c, types::SortedSetCursor from, types::Direction direction,
                   size_t count, Scores scores) {
  open_members(c, count, scores);
  for (; count > 0; --count, from.step(direction)) {
    reply_member(c, from.member(), scores == Scores::With ? from.score() : 0, scores);
  }
}

void store_sorted_set(Context& c, std::string_view key, types::SortedSet set,
                      std::string_view event) {
  const size_t size = set.size();
  if (size == 0) {
    if (c.db().erase(key)) c.changed(keyspace::Event::Generic, "del", key);
    return c.reply().integer(0);
  }
  c.db().store(
      keyspace::new_entry(key, std::move(set), keyspace::kNever, c.db().environment().clock));
  c.changed(keyspace::Event::SortedSet, event, key);
  c.reply().integer(static_cast<int64_t>(size));
}

}  // namespace full_server
