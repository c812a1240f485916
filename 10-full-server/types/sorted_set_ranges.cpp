// SPDX-License-Identifier: MIT
// Walking a sorted set: ranges, ranks, cursors, and whether bytes from elsewhere are one.
#include <cmath>
#include <limits>
#include <string>

#include "10-full-server/types/sorted_set.h"

namespace types {

using collections::ScoredMember;
using collections::SortedSetTable;

double score_of_entry(PackedValue value) {
  if (value.is_number()) return static_cast<double>(value.number());
  PackedValue::Scratch unused;
  return util::parse_double(value.text(unused)).value_or(std::numeric_limits<double>::quiet_NaN());
}

double SortedSetCursor::packed_score() const {
  return score_of_entry(entry_value(at_ + entry_size(at_)));
}

void SortedSetCursor::next_packed() {
  at_ += entry_size(at_);
  at_ += entry_size(at_);
  if (at_ == end_) at_ = nullptr;
}

void SortedSetCursor::previous_packed() {
  at_ = at_ == begin_ ? nullptr : entry_before(entry_before(at_));
}

SortedSetCursor SortedSet::at(size_t rank) const {
  SortedSetCursor cursor;
  if (!is_packed()) {
    cursor.position_ = with_table([&](const SortedSetTable& table) { return table.at(rank); });
    return cursor;
  }
  if (rank > Listpack::kMaxBytes) return cursor;
  with_pack([&](const Listpack& pack) {
    const Listpack::Position found = pack.seek(static_cast<int64_t>(2 * rank));
    if (found == pack.end()) return;
    const auto* const bytes = reinterpret_cast<const uint8_t*>(pack.bytes().data());
    cursor.at_ = bytes + found;
    cursor.begin_ = bytes + pack.begin();
    cursor.end_ = bytes + pack.end();
  });
  return cursor;
}

namespace {

// How many members from the cursor on are `below`, up to the first that is not.
template <class Below>
size_t count_while(SortedSetCursor at, Below&& below) {
  size_t count = 0;
  for (; at && below(at); at.next()) ++count;
  return count;
}

// Whether a member lies before what the bound lets in from below, or, with `behind`, not beyond what
// it lets in from above.
bool is_below(std::string_view text, const LexBound& bound, bool behind) {
  if (bound.kind != LexBound::Kind::Text) return bound.kind == LexBound::Kind::Highest;
  const int order = text.compare(bound.text);
  return order < 0 || (order == 0 && bound.exclusive != behind);
}

}  // namespace

RankRange SortedSet::ranks_of(const ScoreRange& range) const {
  if (!is_packed()) {
    return with_table([&](const SortedSetTable& table) { return table.ranks_of(range); });
  }
  const size_t begin = count_while(first(), [&](const SortedSetCursor& at) {
    return at.score() < range.min || (range.min_exclusive && at.score() == range.min);
  });
  const size_t length = count_while(at(begin), [&](const SortedSetCursor& at) {
    return at.score() < range.max || (!range.max_exclusive && at.score() == range.max);
  });
  return {begin, begin + length};
}

RankRange SortedSet::packed_ranks_of(const LexRange& range) const {
  const auto below = [](const LexBound& bound, bool behind) {
    return [&bound, behind](const SortedSetCursor& at) {
      PackedValue::Scratch scratch;
      return is_below(at.text(scratch), bound, behind);
    };
  };
  const size_t begin = count_while(first(), below(range.min, false));
  return {begin, begin + count_while(at(begin), below(range.max, true))};
}

RankRange SortedSet::ranks_of(const LexRange& range) const {
  if (is_packed()) return packed_ranks_of(range);
  return with_table([&](const SortedSetTable& table) { return table.ranks_of(range); });
}

SortedSet::ScanCursor SortedSet::scan(
    ScanCursor cursor, util::FunctionRef<void(std::string_view text, double score)> visit) const {
  if (!is_packed()) {
    return with_table([&](const SortedSetTable& table) {
      return table.scan(cursor,
                        [&](const ScoredMember& member) { visit(member.text(), member.score()); });
    });
  }
  for (SortedSetCursor at = first(); at; at.next()) {
    PackedValue::Scratch scratch;
    visit(at.text(scratch), at.score());
  }
  return 0;
}

std::string_view SortedSet::packed_bytes() const {
  return with_pack([](const Listpack& pack) { return pack.bytes(); });
}

namespace {

// A walk that begins with a listpack's first member is a set's.
bool in_strict_order(SortedSetCursor at) {
  std::string before;
  double score_before = -std::numeric_limits<double>::infinity();
  for (bool is_first = true; at; at.next(), is_first = false) {
    PackedValue::Scratch scratch;
    const std::string_view text = at.text(scratch);
    const double score = at.score();
    if (std::isnan(score) || score < score_before) return false;
    if (!is_first && score == score_before && text <= before) return false;
    before = text;
    score_before = score;
  }
  return true;
}

}  // namespace

std::optional<SortedSet> SortedSet::from_packed(std::string_view bytes) {
  size_t entries = 0;
  if (!Listpack::validate(bytes, [&](PackedValue) { return ++entries > 0; })) return std::nullopt;
  if (entries % 2 != 0) return std::nullopt;
  SortedSet set;
  set.word_ = Listpack::from(bytes).release();
  if (!in_strict_order(set.first())) return std::nullopt;
  if (set.size() > sorted_set_settings.max_listpack_entries) set.become_table();
  return set;
}

}  // namespace types
