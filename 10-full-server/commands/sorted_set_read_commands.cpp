// SPDX-License-Identifier: MIT
// ZCARD, ZSCORE, ZMSCORE, ZRANK, ZREVRANK, ZCOUNT, ZLEXCOUNT, ZSCAN: questions that change nothing.
#include <cstdio>
#include <vector>

#include "10-full-server/commands/scan_options.h"
#include "10-full-server/commands/sorted_set_commands.h"
#include "shared/resp/request_errors.h"
#include "shared/util/numbers.h"
#include "shared/util/text.h"

namespace full_server {

using command::Context;
using keyspace::View;
using types::Direction;
using types::SortedSet;

static void zcard(Context& c) {
  const View<SortedSet> set = c.view<SortedSet>(c.arg(1));
  if (set) c.reply().integer(static_cast<int64_t>(set->size()));
}

static void reply_score(Context& c, std::optional<double> score) {
  score ? c.reply().number(*score) : c.reply().null();
}

static void zscore(Context& c) {
  const View<SortedSet> set = c.view<SortedSet>(c.arg(1));
  if (set) reply_score(c, set->score_of(c.arg(2)));
}

static void zmscore(Context& c) {
  const View<SortedSet> set = c.view<SortedSet>(c.arg(1));
  if (!set) return;
  c.reply().array(c.argc() - 2);
  for (const std::string_view member : c.args(2)) reply_score(c, set->score_of(member));
}

static void rank(Context& c, Direction direction) {
  if (c.argc() > 4) return c.reply().error(resp::wrong_arity(c.command().row->name));
  const bool with_score = c.argc() == 4;
  if (with_score && !util::equal_ignoring_case(c.arg(3), "withscore")) {
    return c.fail(util::errors::kSyntax);
  }
  const View<SortedSet> set = c.view<SortedSet>(c.arg(1));
  if (!set) return;
  const auto ranked = set->rank_of(c.arg(2));
  if (!ranked) return with_score ? c.reply().null_array() : c.reply().null();
  const size_t rank = direction == Direction::Up ? ranked->rank : set->size() - 1 - ranked->rank;
  if (with_score) c.reply().array(2);
  c.reply().integer(static_cast<int64_t>(rank));
  if (with_score) c.reply().number(ranked->score);
}

static void zrank(Context& c) { rank(c, Direction::Up); }
static void zrevrank(Context& c) { rank(c, Direction::Down); }

static void zcount(Context& c) {
  const auto range = score_range(c, c.arg(2), c.arg(3));
  if (!range) return;
  const View<SortedSet> set = c.view<SortedSet>(c.arg(1));
  if (set) c.reply().integer(static_cast<int64_t>(set->ranks_of(*range).size()));
}

static void zlexcount(Context& c) {
  const auto range = lex_range(c, c.arg(2), c.arg(3));
  if (!range) return;
  const View<SortedSet> set = c.view<SortedSet>(c.arg(1));
  if (set) c.reply().integer(static_cast<int64_t>(set->ranks_of(*range).size()));
}

// A score in a listpack is text already; in a table Redis prints it with 17 digits.
static void reply_scanned_score(Context& c, double score, bool packed) {
  char text[64];
  const size_t length = packed
                            ? util::format_double(score, text)
                            : static_cast<size_t>(std::snprintf(text, sizeof text, "%.17g", score));
  c.reply().bulk({text, length});
}

static void zscan(Context& c) {
  const auto start = read_cursor(c, 2);
  if (!start) return;
  const View<SortedSet> set = c.view<SortedSet>(c.arg(1));
  if (!set) return;
  std::optional<ScanOptions> options = ScanOptions();
  if (set.exists()) options = read_scan_options(c, 3, ScanKind::Collection);
  if (!options) return;
  std::vector<SortedSet::Element> found;
  const auto copy_of = [&](std::string_view text) {
    return set->is_packed() ? c.scratch().copy(text) : text;
  };
  const uint64_t next = scan_some(*options, *start, [&](uint64_t cursor, int64_t& seen) {
    return set->scan(cursor, [&](std::string_view text, double score) {
      ++seen;
      if (options->matches(text)) found.push_back({copy_of(text), score});
    });
  });
  reply_cursor(c, next);
  c.reply().array(2 * found.size());
  for (const SortedSet::Element& element : found) {
    c.reply().bulk(element.text);
    reply_scanned_score(c, element.score, set->is_packed());
  }
}

std::span<const command::CommandRow> sorted_set_read_commands() {
  using namespace command;
  constexpr Flags kReads = kReadOnly | kFast;
  static constexpr auto& kCount = kKeys<kKeyRO>;
  static constexpr auto& kRead = kKeys<kKeyRO | kKeyAccess>;
  static constexpr std::string_view kByChance[] = {"nondeterministic_output"};
  static constexpr CommandRow kRows[] = {
      {"zcard", 2, kReads, kCount, kAclSortedSet, zcard},
      {"zcount", 4, kReads, kRead, kAclSortedSet, zcount},
      {"zlexcount", 4, kReads, kRead, kAclSortedSet, zlexcount},
      {"zmscore", -3, kReads, kRead, kAclSortedSet, zmscore},
      {"zrank", -3, kReads, kRead, kAclSortedSet, zrank},
      {"zrevrank", -3, kReads, kRead, kAclSortedSet, zrevrank},
      {"zscan", -3, kReadOnly, kRead, kAclSortedSet, zscan, kByChance},
      {"zscore", 3, kReads, kRead, kAclSortedSet, zscore},
  };
  return kRows;
}

}  // namespace full_server
