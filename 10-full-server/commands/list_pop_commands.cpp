// SPDX-License-Identifier: MIT
// What takes elements out of lists without waiting: LPOP, RPOP, LMPOP, LMOVE, RPOPLPUSH.
#include <algorithm>
#include <limits>

#include "10-full-server/commands/list_commands.h"
#include "10-full-server/commands/packed_reply.h"
#include "shared/resp/request_errors.h"
#include "shared/util/numbers.h"

namespace full_server {

using command::Context;
using keyspace::Edit;
using keyspace::Event;
using types::List;
using types::ListCursor;
using types::ListEnd;

static ListCursor cursor_at(const List& list, ListEnd end) {
  return end == ListEnd::Front ? list.front() : list.back();
}

static ListEnd away_from(ListEnd end) {
  return end == ListEnd::Front ? ListEnd::Back : ListEnd::Front;
}

void reply_elements(Context& c, ListCursor from, ListEnd towards, size_t count) {
  c.reply().array(count);
  for (; count > 0; --count, from.step(towards)) reply_packed(c, from.value());
}

void pop_one(Context& c, Edit<List>& list, ListEnd end) {
  reply_packed(c, cursor_at(list.read(), end).value());
  list->pop(end);
  if (list.changed(Event::List, pop_event(end), 1)) list->shrink();
}

size_t pop_several(Context& c, Edit<List>& list, ListEnd end, int64_t count) {
  const size_t size = list.read().size();
  const size_t taken = std::min(static_cast<uint64_t>(count), uint64_t{size});
  reply_elements(c, cursor_at(list.read(), end), away_from(end), taken);
  list->erase_range(end == ListEnd::Front ? 0 : size - taken, taken);
  if (list.changed(Event::List, pop_event(end), static_cast<int64_t>(taken))) list->shrink();
  return taken;
}

bool pop_from_first(Context& c, const MultiPop& what) {
  for (const std::string_view key : what.keys) {
    bool found = false;
    Edit<List> list = c.edit_existing<List>(key, found);
    if (!found) continue;
    if (!list) return true;
    c.reply().array(2);
    c.reply().bulk(key);
    const size_t taken = pop_several(c, list, what.end, what.count);
    char digits[util::kMaxInt64Digits];
    c.propagate().as({pop_name(what.end), key, {digits, util::format_uint64(taken, digits)}});
    return true;
  }
  return false;
}

// LPOP key: an element. LPOP key count: an array.
static void pop(Context& c, ListEnd end) {
  if (c.argc() > 3) return c.reply().error(resp::wrong_arity(c.command().name));
  const bool several = c.argc() == 3;
  int64_t count = 0;
  if (several) {
    constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
    command::ArgReader in = c.reader(2);
    count = in.integer_between(0, kMax, util::errors::kNotPositive);
    if (!in.ok()) return c.fail(in.error());
  }
  bool found = false;
  Edit<List> list = c.edit_existing<List>(c.arg(1), found);
  if (!found) return several ? c.reply().null_array() : c.reply().null();
  if (!list) return;
  if (!several) return pop_one(c, list, end);
  if (count == 0) return c.reply().array(0);
  pop_several(c, list, end, count);
}

static void lpop(Context& c) { pop(c, ListEnd::Front); }
static void rpop(Context& c) { pop(c, ListEnd::Back); }

static void lmpop(Context& c) {
  const auto what = multi_pop_arguments(c, 1);
  if (what && !pop_from_first(c, *what)) c.reply().null_array();
}

// Within one list: what was looked at is gone once it is popped, so it is copied first.
static void rotate(Context& c, Edit<List>& list, ListEnd take, ListEnd put) {
  types::PackedValue::Scratch scratch;
  const std::string_view element =
      c.scratch().copy(cursor_at(list.read(), take).value().text(scratch));
  c.reply().bulk(element);
  list->pop(take);
  list->push(put, element);
  list.changed(Event::List, push_event(put), 1);
}

Move move_element(Context& c, std::string_view from, std::string_view to, ListEnd take,
                  ListEnd put) {
  bool found = false;
  Edit<List> source = c.edit_existing<List>(from, found);
  if (!found) return Move::NoSource;
  if (!source) return Move::Refused;
  if (from == to) {
    rotate(c, source, take, put);
  } else {
    Edit<List> destination = c.edit<List>(to);
    if (!destination) return Move::Refused;
    types::PackedValue::Scratch scratch;
    const types::PackedValue element = cursor_at(source.read(), take).value();
    reply_packed(c, element);
    destination->push(put, element.text(scratch));  // it lies in the source still
    destination.changed(Event::List, push_event(put), 1);
    source->pop(take);
  }
  // Both events are told; the change counts once.
  c.changed(Event::List, pop_event(take), from, 0);
  if (source.changed(Event::List, pop_event(take), 0)) source->shrink();
  return Move::Done;
}

static void move_or_null(Context& c, ListEnd take, ListEnd put) {
  if (move_element(c, c.arg(1), c.arg(2), take, put) == Move::NoSource) c.reply().null();
}

static void lmove(Context& c) {
  const auto take = list_end(c, c.arg(3));
  if (!take) return;
  const auto put = list_end(c, c.arg(4));
  if (!put) return;
  move_or_null(c, *take, *put);
}

static void rpoplpush(Context& c) { move_or_null(c, ListEnd::Back, ListEnd::Front); }

std::span<const command::CommandRow> list_pop_commands() {
  using namespace command;
  static constexpr auto& kTake = kKeys<kKeyRW | kKeyAccess | kKeyDelete>;
  static constexpr CommandRow kRows[] = {
      {"lpop", -2, kWrite | kFast, kTake, kAclList, lpop},
      {"rpop", -2, kWrite | kFast, kTake, kAclList, rpop},
      {"lmpop", -4, kWrite | kMovableKeys, kCountedKeys<1>, kAclList, lmpop},
      {"lmove", 5, kWrite | kDenyOom, kMovedKeys, kAclList, lmove},
      {"rpoplpush", 3, kWrite | kDenyOom, kMovedKeys, kAclList, rpoplpush},
  };
  return kRows;
}

}  // namespace full_server
