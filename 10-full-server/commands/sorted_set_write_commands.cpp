// SPDX-License-Identifier: MIT
// ZADD and ZINCRBY, which is ZADD with INCR; ZREM, ZREMRANGEBYRANK, ZREMRANGEBYSCORE,
// ZREMRANGEBYLEX.
#include <cmath>

#include "10-full-server/commands/sorted_set_commands.h"
#include "shared/util/numbers.h"

namespace full_server {

using command::Context;
using keyspace::Edit;
using keyspace::Event;
using types::SortedSet;
namespace errors = util::errors;

namespace {

struct AddOptions {
  bool only_new = false;       // NX
  bool only_existing = false;  // XX
  bool only_greater = false;   // GT
  bool only_less = false;      // LT
  bool count_changes = false;  // CH
  bool increment = false;      // INCR
  size_t first_pair = 2;       // the argument where scores and members begin
  size_t pairs = 0;
};

AddOptions read_words(Context& c) {
  AddOptions options;
  command::ArgReader in = c.reader(2);
  for (;;) {
    if (in.take("nx")) {
      options.only_new = true;
    } else if (in.take("xx")) {
      options.only_existing = true;
    } else if (in.take("ch")) {
      options.count_changes = true;
    } else if (in.take("incr")) {
      options.increment = true;
    } else if (in.take("gt")) {
      options.only_greater = true;
    } else if (in.take("lt")) {
      options.only_less = true;
    } else {
      options.first_pair = in.position();
      options.pairs = in.left() / 2;
      return options;
    }
  }
}

// Nothing: an error has been answered.
std::optional<AddOptions> read_add_options(Context& c, bool increment) {
  AddOptions options = read_words(c);
  options.increment |= increment;
  const bool compares = options.only_greater || options.only_less;
  std::string_view error;
  if (options.pairs == 0 || (c.argc() - options.first_pair) % 2 != 0) {
    error = errors::kSyntax.text;
  } else if (options.only_new && options.only_existing) {
    error = "ERR XX and NX options at the same time are not compatible";
  } else if ((compares && options.only_new) || (options.only_greater && options.only_less)) {
    error = "ERR GT, LT, and/or NX options at the same time are not compatible";
  } else if (options.increment && options.pairs > 1) {
    error = "ERR INCR option supports a single increment-element pair";
  }
  if (error.empty()) return options;
  c.reply().error(error);
  return std::nullopt;
}

// Most scores are small integers, which need no reading of decimals.
std::optional<double> read_score(std::string_view text) {
  constexpr size_t kExactDigits = 15;
  if (text.size() <= kExactDigits) {
    if (const auto whole = util::parse_int64(text)) return static_cast<double>(*whole);
  }
  return util::parse_double(text);
}

// Nothing: an error has been answered.
std::optional<std::span<const double>> read_scores(Context& c, const AddOptions& options) {
  auto* const scores =
      reinterpret_cast<double*>(c.scratch().allocate(options.pairs * sizeof(double)));
  for (size_t i = 0; i < options.pairs; ++i) {
    const auto score = read_score(c.arg(options.first_pair + 2 * i));
    if (!score) return c.fail(errors::kNotFloat), std::nullopt;
    scores[i] = *score;
  }
  return std::span<const double>(scores, options.pairs);
}

enum class Outcome { Added, Rescored, Same, Refused, NotANumber };

// `score` becomes the one that the member has afterwards.
Outcome add_member(Edit<SortedSet>& set, std::string_view member, double& score,
                   const AddOptions& options) {
  const SortedSet::Spot spot = set.read().find(member);
  if (!spot) {
    if (options.only_existing) return Outcome::Refused;
    set->insert(spot, member, score);
    return Outcome::Added;
  }
  if (options.only_new) return Outcome::Refused;
  if (options.increment) score += spot.score();
  if (std::isnan(score)) return Outcome::NotANumber;
  if (options.only_less && score >= spot.score()) return Outcome::Refused;
  if (options.only_greater && score <= spot.score()) return Outcome::Refused;
  if (score == spot.score()) return Outcome::Same;
  set->rescore(spot, member, score);
  return Outcome::Rescored;
}

void report(Edit<SortedSet>& set, const AddOptions& options, int64_t changes) {
  if (changes == 0) return set.unchanged();
  set.changed(Event::SortedSet, options.increment ? "zincr" : "zadd", changes);
}

// REQUIRES: one pair.
void increment_member(Context& c, Edit<SortedSet>& set, double score, const AddOptions& options) {
  const Outcome outcome = add_member(set, c.arg(options.first_pair + 1), score, options);
  report(set, options, outcome == Outcome::Added || outcome == Outcome::Rescored ? 1 : 0);
  if (outcome == Outcome::NotANumber) {
    c.reply().error("ERR resulting score is not a number (NaN)");
  } else if (outcome == Outcome::Refused) {
    c.reply().null();
  } else {
    c.reply().number(score);
  }
}

void add_members(Context& c, Edit<SortedSet>& set, std::span<const double> scores,
                 const AddOptions& options) {
  int64_t added = 0, rescored = 0;
  for (size_t i = 0; i < scores.size(); ++i) {
    double score = scores[i];
    const Outcome outcome = add_member(set, c.arg(options.first_pair + 1 + 2 * i), score, options);
    added += outcome == Outcome::Added ? 1 : 0;
    rescored += outcome == Outcome::Rescored ? 1 : 0;
  }
  report(set, options, added + rescored);
  c.reply().integer(options.count_changes ? added + rescored : added);
}

void add(Context& c, bool increment) {
  const auto options = read_add_options(c, increment);
  if (!options) return;
  const auto scores = read_scores(c, *options);
  if (!scores) return;
  Edit<SortedSet> set = c.edit<SortedSet>(c.arg(1));
  if (!set) return;
  if (!set.exists() && options->only_existing) {
    return options->increment ? c.reply().null() : c.reply().integer(0);
  }
  set->prepare(options->pairs, c.arg(options->first_pair + 1).size());
  if (options->increment) return increment_member(c, set, scores->front(), *options);
  add_members(c, set, *scores, *options);
}

void zadd(Context& c) { add(c, false); }
void zincrby(Context& c) { add(c, true); }

void zrem(Context& c) {
  bool found = false;
  Edit<SortedSet> set = c.edit_existing<SortedSet>(c.arg(1), found);
  if (!set) return found ? void() : c.reply().integer(0);
  int64_t removed = 0;
  for (const std::string_view member : c.args(2)) {
    removed += set->remove(member) ? 1 : 0;
    if (set.read().empty()) break;
  }
  if (removed > 0) {
    set.changed(Event::SortedSet, "zrem", removed);
  } else {
    set.unchanged();
  }
  c.reply().integer(removed);
}

template <class RanksOf>  // RankRange(const SortedSet&)
void remove_range(Context& c, std::string_view event, RanksOf&& ranks_of) {
  bool found = false;
  Edit<SortedSet> set = c.edit_existing<SortedSet>(c.arg(1), found);
  if (!set) return found ? void() : c.reply().integer(0);
  const types::RankRange ranks = ranks_of(set.read());
  if (!ranks.empty()) {
    set->remove(ranks);
    set.changed(Event::SortedSet, event, static_cast<int64_t>(ranks.size()));
  }
  c.reply().integer(static_cast<int64_t>(ranks.size()));
}

void zremrangebyrank(Context& c) {
  const auto range = index_range(c, c.arg(2), c.arg(3));
  if (!range) return;
  remove_range(c, "zremrangebyrank", [&](const SortedSet& set) { return range->in(set.size()); });
}

void zremrangebyscore(Context& c) {
  const auto range = score_range(c, c.arg(2), c.arg(3));
  if (!range) return;
  remove_range(c, "zremrangebyscore", [&](const SortedSet& set) { return set.ranks_of(*range); });
}

void zremrangebylex(Context& c) {
  const auto range = lex_range(c, c.arg(2), c.arg(3));
  if (!range) return;
  remove_range(c, "zremrangebylex", [&](const SortedSet& set) { return set.ranks_of(*range); });
}

}  // namespace

std::span<const command::CommandRow> sorted_set_write_commands() {
  using namespace command;
  constexpr Flags kAdds = kWrite | kDenyOom | kFast;
  static constexpr auto& kUpdate = kKeys<kKeyRW | kKeyUpdate>;
  static constexpr auto& kReplace = kKeys<kKeyRW | kKeyAccess | kKeyUpdate>;
  static constexpr auto& kRemove = kKeys<kKeyRW | kKeyDelete>;
  static constexpr CommandRow kRows[] = {
      {"zadd", -4, kAdds, kUpdate, kAclSortedSet, zadd},
      {"zincrby", 4, kAdds, kReplace, kAclSortedSet, zincrby},
      {"zrem", -3, kWrite | kFast, kRemove, kAclSortedSet, zrem},
      {"zremrangebylex", 4, kWrite, kRemove, kAclSortedSet, zremrangebylex},
      {"zremrangebyrank", 4, kWrite, kRemove, kAclSortedSet, zremrangebyrank},
      {"zremrangebyscore", 4, kWrite, kRemove, kAclSortedSet, zremrangebyscore},
  };
  return kRows;
}

}  // namespace full_server
