// SPDX-License-Identifier: MIT
//
// What the files of the sorted set family share: rows, arguments, replies, storing a result.
// Everything is a plain function of a Context; nothing is owned.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "10-full-server/commands/packed_reply.h"
#include "10-full-server/types/sorted_set.h"
#include "shared/command/context.h"

namespace full_server {

std::span<const command::CommandRow> sorted_set_read_commands();     // ZSCORE, ZRANK, ZCOUNT …
std::span<const command::CommandRow> sorted_set_write_commands();    // ZADD, ZREM, ZREMRANGEBY…
std::span<const command::CommandRow> sorted_set_range_commands();    // ZRANGE and its older forms
std::span<const command::CommandRow> sorted_set_algebra_commands();  // ZUNION, ZINTERSTORE …
std::span<const command::CommandRow> sorted_set_pop_commands();      // ZPOPMIN … BZMPOP
std::span<const command::CommandRow> sorted_set_random_commands();   // ZRANDMEMBER

// "1.5", "(1.5", "-inf", in this order. Nothing: an error has been answered.
std::optional<types::ScoreRange> score_range(command::Context& c, std::string_view min,
                                             std::string_view max);
// "[a", "(a", "-", "+". Nothing: an error has been answered.
std::optional<types::LexRange> lex_range(command::Context& c, std::string_view min,
                                         std::string_view max);
// Both ends count; negative ones from the end, -1 being the last.
struct IndexRange {
  int64_t start;
  int64_t stop;

  types::RankRange in(size_t size) const;
};
// Nothing: an error has been answered.
std::optional<IndexRange> index_range(command::Context& c, std::string_view start,
                                      std::string_view stop);

// Members as an array, in pairs with their scores if those are wanted: nested in RESP3, one behind
// the other in RESP2.
enum class Scores : bool { Without, With };
void open_members(command::Context& c, size_t count, Scores scores);
void reply_member(command::Context& c, types::PackedValue member, double score, Scores scores);
// `count` of them from the cursor on.
void reply_members(command::Context& c, types::SortedSetCursor from, types::Direction direction,
                   size_t count, Scores scores);

// Puts the set where the command wants it, or deletes the key if the set is empty; reports it and
// answers with the size. No View of that key may be used afterwards.
void store_sorted_set(command::Context& c, std::string_view key, types::SortedSet set,
                      std::string_view event);

// ZPOPMIN and ZPOPMAX, and what is passed on of those that wait.
constexpr std::string_view pop_name(types::Direction direction) {
  return direction == types::Direction::Up ? "ZPOPMIN" : "ZPOPMAX";
}
constexpr std::string_view pop_event(types::Direction direction) {
  return direction == types::Direction::Up ? "zpopmin" : "zpopmax";
}

}  // namespace full_server
