// SPDX-License-Identifier: MIT
// Keys, whatever their values: TOUCH, RANDOMKEY, RENAMENX, COPY, MOVE, SWAPDB.
#include <limits>

#include "03-get-set/shared_handlers.h"
#include "10-full-server/commands/commands.h"
#include "shared/command/context.h"

namespace full_server {

using command::Context;
using keyspace::Entry;
using keyspace::Event;
using keyspace::Keyspace;
using keyspace::Lazily;
using keyspace::LookupFlags;
namespace errors = util::errors;

// As Context::changed(), for a key of any database.
static void changed_in(Keyspace& db, std::string_view name, std::string_view key, int64_t count) {
  db.environment().sink->on_change({db.index(), key, Event::Generic, name, count});
}

// Touches even for a client that said CLIENT NO-TOUCH: it is what it asks for here.
static void touch(Context& c) {
  int64_t found = 0;
  for (const std::string_view key : c.args(1)) {
    if (c.db().find(key, LookupFlags::Read) != nullptr) ++found;
  }
  c.reply().integer(found);
}

static void randomkey(Context& c) {
  const Entry* entry = c.db().random();
  entry == nullptr ? c.reply().null() : c.reply().bulk(entry->key());
}

static void renamenx(Context& c) {
  const std::string_view from = c.arg(1), to = c.arg(2);
  if (c.db().find(from, LookupFlags::Write) == nullptr) return c.fail(errors::kNoSuchKey);
  if (from == to || c.db().find(to, LookupFlags::Write) != nullptr) return c.reply().integer(0);
  c.db().rename(from, to);
  c.changed(Event::Generic, "rename_from", from, 0);
  c.changed(Event::Generic, "rename_to", to);
  c.reply().integer(1);
}

// COPY source destination [DB index] [REPLACE]
static void copy(Context& c) {
  int target = c.client().db;
  bool replace = false;
  command::ArgReader reader = c.reader(3);
  while (reader.more()) {
    if (reader.take("replace")) {
      replace = true;
    } else if (reader.take_with("db", 1)) {
      const auto index = get_set::read_database(c, reader.position());
      if (!index) return;
      target = *index;
      reader.next();
    } else {
      return c.fail(errors::kSyntax);
    }
  }
  const std::string_view from = c.arg(1), to = c.arg(2);
  if (target == c.client().db && from == to) return c.fail(errors::kSameObject);
  const Entry* source = c.db().find(from, c.read_flags());
  if (source == nullptr) return c.reply().integer(0);
  Keyspace& db = c.databases()[target];
  Entry* const old = db.find(to, LookupFlags::Write);
  if (old != nullptr && !replace) return c.reply().integer(0);
  Entry* copied = c.db().clone(*source, to);
  // Not written over: the key begins to be once more, and that is told.
  if (old != nullptr) db.erase(old, Lazily{db.environment().lazy.overwritten});
  copied->set_clock(db.environment().clock);
  db.store(copied);
  changed_in(db, "copy_to", to, 1);
  c.reply().integer(1);
}

static void move(Context& c) {
  const std::string_view key = c.arg(1);
  const auto target = get_set::read_database(c, 2);
  if (!target) return;
  if (*target == c.client().db) return c.fail(errors::kSameObject);
  Keyspace& db = c.databases()[*target];
  Entry* entry = c.db().find(key, LookupFlags::Write);
  if (entry == nullptr || db.find(key, LookupFlags::Write) != nullptr) return c.reply().integer(0);
  db.store(c.db().take(entry));
  c.changed(Event::Generic, "move_from", key, 0);
  changed_in(db, "move_to", key, 1);
  c.reply().integer(1);
}

static int64_t read_index(command::ArgReader& reader, util::Error error) {
  return reader.integer_between(std::numeric_limits<int>::min(), std::numeric_limits<int>::max(),
                                error);
}

// Clients stay where they are and find the other database's content there.
static void swapdb(Context& c) {
  command::ArgReader reader = c.reader(1);
  const int64_t first = read_index(reader, {"ERR invalid first DB index"});
  const int64_t second = read_index(reader, {"ERR invalid second DB index"});
  if (!reader.ok()) return c.fail(reader.error());
  const auto exists = [&](int64_t index) { return index >= 0 && index < c.databases().count(); };
  if (!exists(first) || !exists(second)) return c.fail(errors::kDbIndexOutOfRange);
  if (first != second) {
    Keyspace& one = c.databases()[static_cast<int>(first)];
    Keyspace& other = c.databases()[static_cast<int>(second)];
    one.environment().sink->on_swap(one.index(), other.index(), 1);
    one.swap(other);
  }
  c.propagate().as(c.args());
  c.reply().ok();
}

std::span<const command::CommandRow> generic_commands() {
  using namespace command;
  static constexpr KeySpec kRenameKeys[] = {{.flags = kKeyRW | kKeyAccess | kKeyDelete, .index = 1},
                                            {.flags = kKeyOW | kKeyInsert, .index = 2}};
  static constexpr KeySpec kCopyKeys[] = {{.flags = kKeyRO | kKeyAccess, .index = 1},
                                          {.flags = kKeyOW | kKeyUpdate, .index = 2}};
  static constexpr auto& kTouched = kKeys<kKeyRO, 1, -1>;
  static constexpr auto& kMoved = kKeys<kKeyRW | kKeyAccess | kKeyUpdate>;
  static constexpr std::string_view kSum[] = {"request_policy:multi_shard",
                                              "response_policy:agg_sum"};
  static constexpr std::string_view kRandomTips[] = {
      "request_policy:all_shards", "response_policy:special", "nondeterministic_output"};
  static constexpr CommandRow kRows[] = {
      {"touch", -2, kReadOnly | kFast, kTouched, kAclKeyspace, touch, kSum},
      {"randomkey", 1, kReadOnly | kTouchesArbitraryKeys, {}, kAclKeyspace, randomkey, kRandomTips},
      {"renamenx", 3, kWrite | kFast, kRenameKeys, kAclKeyspace, renamenx},
      {"copy", -3, kWrite | kDenyOom, kCopyKeys, kAclKeyspace, copy},
      {"move", 3, kWrite | kFast, kMoved, kAclKeyspace, move},
      {"swapdb", 3, kWrite | kFast, {}, kAclKeyspace | kAclDangerous, swapdb},
  };
  return kRows;
}

}  // namespace full_server
