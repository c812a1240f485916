// SPDX-License-Identifier: MIT
//
// What the files of the list family share: its arguments, its replies, taking elements out and
// moving them. Everything is a plain function of a Context; nothing is owned.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "10-full-server/types/list.h"
#include "shared/command/context.h"

namespace full_server {

// LMOVE …, LPOP …: what takes elements out. BLPOP …: what may wait for them.
std::span<const command::CommandRow> list_pop_commands();
std::span<const command::CommandRow> list_blocking_commands();

// The keys of LMOVE and BLMOVE, and of LMPOP and BLMPOP, whose count of keys is the argument `numkeys`.
inline constexpr command::KeySpec kMovedKeys[] = {
    {.flags = command::kKeyRW | command::kKeyAccess | command::kKeyDelete, .index = 1},
    {.flags = command::kKeyRW | command::kKeyInsert, .index = 2}};
template <int16_t numkeys>
inline constexpr command::KeySpec kCountedKeys[] = {
    {.flags = command::kKeyRW | command::kKeyAccess | command::kKeyDelete,
     .index = numkeys,
     .find = command::KeySpec::Find::Count,
     .count_index = 0,
     .first = 1}};

// LEFT or RIGHT, in any case. Nothing: a syntax error has been answered.
std::optional<types::ListEnd> list_end(command::Context& c, std::string_view word);

// BLPOP's last argument, seconds with fractions, as a deadline for Context::block_on; 0 is for
// ever. Nothing: an error has been answered.
std::optional<util::UnixMs> deadline_argument(command::Context& c, std::string_view seconds);

// LMPOP numkeys key … LEFT|RIGHT [COUNT count], from the argument `numkeys` on.
struct MultiPop {
  resp::Args keys;
  types::ListEnd end = types::ListEnd::Front;
  int64_t count = 1;
};
// Nothing: an error has been answered.
std::optional<MultiPop> multi_pop_arguments(command::Context& c, size_t numkeys);

// `count` elements from the cursor on, as an array.
void reply_elements(command::Context& c, types::ListCursor from, types::ListEnd towards,
                    size_t count);

// Where start and stop, as LRANGE and LTRIM have them, lie in a list of that size.
struct ListRange {
  size_t first = 0;
  size_t count = 0;
};
ListRange list_range(int64_t start, int64_t stop, size_t size);

// Answers with the element at that end and takes it out, and reports it.
void pop_one(command::Context& c, keyspace::Edit<types::List>& list, types::ListEnd end);
// … with up to `count` of them, as an array; returns how many there were.
size_t pop_several(command::Context& c, keyspace::Edit<types::List>& list, types::ListEnd end,
                   int64_t count);
// Answers with [key, elements] of the first key that has a list, and passes on LPOP key count.
// False: none has one, and nothing has been answered.
bool pop_from_first(command::Context& c, const MultiPop& what);
// Moves an element from one list to another, or within one, and answers with it, or with an error.
enum class Move : uint8_t { Done, Refused, NoSource };  // NoSource: nothing has been answered
Move move_element(command::Context& c, std::string_view from, std::string_view to,
                  types::ListEnd take, types::ListEnd put);

constexpr std::string_view pop_name(types::ListEnd end) {
  return end == types::ListEnd::Front ? "LPOP" : "RPOP";
}
constexpr std::string_view pop_event(types::ListEnd end) {
  return end == types::ListEnd::Front ? "lpop" : "rpop";
}
constexpr std::string_view push_event(types::ListEnd end) {
  return end == types::ListEnd::Front ? "lpush" : "rpush";
}

}  // namespace full_server
