// SPDX-License-Identifier: MIT
// ZRANDMEMBER: one member, several different ones (count > 0), or as many draws as are asked for
// (count < 0).
#include <unordered_set>

#include "10-full-server/commands/endless_reply.h"
#include "10-full-server/commands/signed_count.h"
#include "10-full-server/commands/sorted_set_commands.h"

namespace full_server {

using command::Context;
using types::SortedSet;
using types::SortedSetCursor;

namespace {

util::Random& random_of(Context& c) { return c.db().environment().random; }

void reply_at(Context& c, const SortedSetCursor& at, Scores scores) {
  reply_member(c, at.member(), scores == Scores::With ? at.score() : 0, scores);
}

void reply_draws(Context& c, const SortedSet& set, uint64_t count, Scores scores) {
  open_members(c, count, scores);
  EndlessReply endless(c);
  for (; count > 0 && endless.wanted(); --count) reply_at(c, set.random(random_of(c)), scores);
}

// Walks through all, taking each with the chance that leaves all choices equally likely (Knuth,
// algorithm S). REQUIRES: count < set.size()
void reply_selected(Context& c, const SortedSet& set, uint64_t count, Scores scores) {
  uint64_t left = set.size();
  for (SortedSetCursor at = set.first(); count > 0; at.next(), --left) {
    if (random_of(c).below(left) >= count) continue;
    reply_at(c, at, scores);
    --count;
  }
}

// For few out of many: draws again what was drawn already.
void reply_distinct_draws(Context& c, const SortedSet& set, uint64_t count, Scores scores) {
  std::unordered_set<uint64_t> drawn;
  while (drawn.size() < count) {
    const uint64_t rank = random_of(c).below(set.size());
    if (drawn.insert(rank).second) reply_at(c, set.at(rank), scores);
  }
}

void reply_different(Context& c, const SortedSet& set, uint64_t count, Scores scores) {
  const size_t size = set.size();
  if (count >= size) {
    return reply_members(c, set.last(), types::Direction::Down, size, scores);
  }
  open_members(c, count, scores);
  constexpr uint64_t kMany = 3;  // a draw hits something new two times out of three, at least
  if (set.is_packed() || count * kMany > size) return reply_selected(c, set, count, scores);
  reply_distinct_draws(c, set, count, scores);
}

// Nothing: an error has been answered.
std::optional<int64_t> read_count(Context& c) {
  const auto count = read_signed_count(c, 2);
  if (!count) return std::nullopt;
  command::ArgReader in = c.reader(3);
  const bool with_scores = in.take("withscores");
  if (in.more() || in.left() > 0) return c.fail(util::errors::kSyntax), std::nullopt;
  constexpr int64_t kMost = kMostSignedCount / 2;  // with as many scores
  if (!with_scores || (*count >= -kMost && *count <= kMost)) return count;
  return c.fail(util::errors::kOutOfRange), std::nullopt;
}

void zrandmember(Context& c) {
  if (c.argc() == 2) {
    const auto set = c.view<SortedSet>(c.arg(1));
    if (!set) return;
    return set.exists() ? reply_packed(c, set->random(random_of(c)).member()) : c.reply().null();
  }
  const auto count = read_count(c);
  if (!count) return;
  const auto set = c.view<SortedSet>(c.arg(1));
  if (!set) return;
  const Scores scores = c.argc() == 4 ? Scores::With : Scores::Without;
  if (!set.exists() || *count == 0) return c.reply().array(0);
  if (*count < 0) return reply_draws(c, *set, static_cast<uint64_t>(-*count), scores);
  reply_different(c, *set, static_cast<uint64_t>(*count), scores);
}

}  // namespace

std::span<const command::CommandRow> sorted_set_random_commands() {
  using namespace command;
  static constexpr std::string_view kByChance[] = {"nondeterministic_output"};
  static constexpr CommandRow kRows[] = {
      {"zrandmember", -2, kReadOnly, kKeys<kKeyRO | kKeyAccess>, kAclSortedSet, zrandmember,
       kByChance},
  };
  return kRows;
}

}  // namespace full_server
