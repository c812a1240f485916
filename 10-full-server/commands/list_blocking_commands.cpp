// SPDX-License-Identifier: MIT
// BLPOP, BRPOP, BLMPOP, BLMOVE, BRPOPLPUSH: pops that wait for an element. Each looks first, and
// waits only when there is nothing; when one of its keys becomes a list it runs again from the
// start. What it did is passed on as the command that would not have waited.
#include "10-full-server/commands/list_commands.h"
#include "shared/command/key_waits.h"

namespace full_server {

using command::Context;
using keyspace::Edit;
using types::List;
using types::ListEnd;

// False: the time is over, or the client must not wait; nothing has been answered.
static bool wait_for_list(Context& c, resp::Args keys, util::UnixMs deadline) {
  if (!c.client().may_block) return false;
  c.get<command::KeyWaits>().wait(c, keys, deadline, {keyspace::TypeId::List});
  return true;
}

// Answers with [key, element] of the first key that has a list.
static bool pop_first(Context& c, resp::Args keys, ListEnd end) {
  for (const std::string_view key : keys) {
    bool found = false;
    Edit<List> list = c.edit_existing<List>(key, found);
    if (!found) continue;
    if (!list) return true;
    c.reply().array(2);
    c.reply().bulk(key);
    pop_one(c, list, end);
    c.propagate().as({pop_name(end), key});
    return true;
  }
  return false;
}

static void blocking_pop(Context& c, ListEnd end) {
  if (c.timed_out()) return c.reply().null_array();
  const auto deadline = deadline_argument(c, c.arg(c.argc() - 1));
  if (!deadline) return;
  const resp::Args keys = c.args(1).first(c.argc() - 2);
  if (pop_first(c, keys, end)) return;
  if (!wait_for_list(c, keys, *deadline)) c.reply().null_array();
}

static void blpop(Context& c) { blocking_pop(c, ListEnd::Front); }
static void brpop(Context& c) { blocking_pop(c, ListEnd::Back); }

static void blmpop(Context& c) {
  if (c.timed_out()) return c.reply().null_array();
  const auto what = multi_pop_arguments(c, 2);
  if (!what) return;
  const auto deadline = deadline_argument(c, c.arg(1));
  if (!deadline || pop_from_first(c, *what)) return;
  if (!wait_for_list(c, what->keys, *deadline)) c.reply().null_array();
}

// Whether an element was moved; if there is none yet, the client waits for the source.
static bool move_or_wait(Context& c, ListEnd take, ListEnd put, util::UnixMs deadline) {
  const Move moved = move_element(c, c.arg(1), c.arg(2), take, put);
  if (moved == Move::NoSource && !wait_for_list(c, c.args(1).first(1), deadline)) c.reply().null();
  return moved == Move::Done;
}

static void blmove(Context& c) {
  if (c.timed_out()) return c.reply().null_array();
  const auto take = list_end(c, c.arg(3));
  if (!take) return;
  const auto put = list_end(c, c.arg(4));
  if (!put) return;
  const auto deadline = deadline_argument(c, c.arg(5));
  if (!deadline || !move_or_wait(c, *take, *put, *deadline)) return;
  c.propagate().as({"LMOVE", c.arg(1), c.arg(2), c.arg(3), c.arg(4)});
}

static void brpoplpush(Context& c) {
  if (c.timed_out()) return c.reply().null_array();
  const auto deadline = deadline_argument(c, c.arg(3));
  if (!deadline || !move_or_wait(c, ListEnd::Back, ListEnd::Front, *deadline)) return;
  c.propagate().as({"RPOPLPUSH", c.arg(1), c.arg(2)});
}

std::span<const command::CommandRow> list_blocking_commands() {
  using namespace command;
  constexpr Flags kTakes = kWrite | kBlocking;
  constexpr Flags kMoves = kTakes | kDenyOom;
  static constexpr auto& kTake = kKeys<kKeyRW | kKeyAccess | kKeyDelete, 1, -2>;
  static constexpr CommandRow kRows[] = {
      {"blpop", -3, kTakes, kTake, kAclList, blpop},
      {"brpop", -3, kTakes, kTake, kAclList, brpop},
      {"blmpop", -5, kTakes | kMovableKeys, kCountedKeys<2>, kAclList, blmpop},
      {"blmove", 6, kMoves, kMovedKeys, kAclList, blmove},
      {"brpoplpush", 4, kMoves, kMovedKeys, kAclList, brpoplpush},
  };
  return kRows;
}

}  // namespace full_server
