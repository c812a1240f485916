// SPDX-License-Identifier: MIT
// Keys, whatever their values: removing, counting, listing, renaming, choosing and emptying
// databases.
#include <limits>

#include "03-get-set/commands.h"
#include "03-get-set/shared_handlers.h"
#include "shared/command/context.h"
#include "shared/keyspace/type_descriptor.h"
#include "shared/util/text.h"
#include "shared/util/todo.h"

namespace get_set {

using command::Context;
using keyspace::Event;
using keyspace::LookupFlags;
namespace errors = util::errors;

static void del(Context& c) {
  int64_t removed = 0;
  for (const std::string_view key : c.args(1)) {
    // [03.2d begin] a key that is there goes, is reported and counted
    if (c.db().find(key, LookupFlags::Peek) == nullptr) continue;
    c.db().erase(key);
    c.changed(Event::Generic, "del", key);
    ++removed;
    // [03.2d end]
  }
  c.reply().integer(removed);
}

static void exists(Context& c) {
  int64_t found = 0;
  // [03.2e begin] how many of the names lead to a value, repeated names counted again
  for (const std::string_view key : c.args(1)) {
    if (c.db().find(key, LookupFlags::NoTouch) != nullptr) ++found;
  }
  // [03.2e end]
  c.reply().integer(found);
}

static void type(Context& c) {
  keyspace::Entry* entry = c.db().find(c.arg(1), LookupFlags::NoTouch);
  c.reply().simple(entry == nullptr ? "none" : keyspace::descriptor_of(*entry).name);
}

static void keys(Context& c) {
  const std::string_view pattern = c.arg(1);
  const bool all = pattern == "*";
  auto list = c.reply().open_array();
  size_t count = 0;
  c.db().for_each([&](keyspace::Entry* entry) {
    if (c.db().expired(*entry) || (!all && !util::glob_match(pattern, entry->key()))) return;
    c.reply().bulk(entry->key());
    ++count;
  });
  list.close(count);
}

static void rename(Context& c) {
  const std::string_view from = c.arg(1), to = c.arg(2);
  if (c.db().find(from, LookupFlags::Write) == nullptr) return c.fail(errors::kNoSuchKey);
  if (from != to) {
    (void)c.db().find(to,
                      LookupFlags::Peek);  // an expired one is reported before it is overwritten
    c.db().rename(from, to);
    c.changed(Event::Generic, "rename_from", from, 0);
    c.changed(Event::Generic, "rename_to", to);
  }
  c.reply().ok();
}

std::optional<int> read_database(Context& c, size_t argument) {
  constexpr int64_t kLowest = std::numeric_limits<int>::min(),
                    kHighest = std::numeric_limits<int>::max();
  command::ArgReader reader = c.reader(argument);
  const int64_t index = reader.integer();
  if (index < kLowest || index > kHighest) reader.fail(errors::kNotInt32);
  if (index < 0 || index >= c.databases().count()) reader.fail(errors::kDbIndexOutOfRange);
  if (reader.ok()) return static_cast<int>(index);
  c.fail(reader.error());
  return std::nullopt;
}

static void select(Context& c) {
  const std::optional<int> index = read_database(c, 1);
  if (!index) return;
  c.client().db = *index;
  c.reply().ok();
}

static void dbsize(Context& c) { c.reply().integer(static_cast<int64_t>(c.db().size())); }

// FLUSHDB and FLUSHALL [ASYNC | SYNC]. Both are passed on even when there was nothing to remove, as
// in Redis.
static bool flush_options_valid(Context& c) {
  command::ArgReader reader = c.reader(1);
  if (reader.more() && !reader.take("sync") && !reader.take("async")) reader.fail(errors::kSyntax);
  if (reader.more()) reader.fail(errors::kSyntax);
  if (!reader.ok()) c.fail(reader.error());
  return reader.ok();
}

static void flush(keyspace::Keyspace& db) {
  db.environment().sink->on_flush(db.index(), static_cast<int64_t>(db.size()));
  db.clear();
}

static void flushdb(Context& c) {
  if (!flush_options_valid(c)) return;
  flush(c.db());
  c.propagate().as(c.args());
  c.reply().ok();
}

static void flushall(Context& c) {
  if (!flush_options_valid(c)) return;
  for (int i = 0; i < c.databases().count(); ++i) flush(c.databases()[i]);
  c.propagate().as(c.args());
  c.reply().ok();
}

std::span<const command::CommandRow> key_commands() {
  using namespace command;
  static constexpr KeySpec kRename[] = {{.flags = kKeyRW | kKeyAccess | kKeyDelete, .index = 1},
                                        {.flags = kKeyOW | kKeyUpdate, .index = 2}};
  static constexpr std::string_view kSum[] = {"request_policy:multi_shard",
                                              "response_policy:agg_sum"};
  static constexpr std::string_view kKeysTips[] = {"request_policy:all_shards",
                                                   "nondeterministic_output_order"};
  static constexpr std::string_view kDbsizeTips[] = {"request_policy:all_shards",
                                                     "response_policy:agg_sum"};
  static constexpr std::string_view kFlushTips[] = {"request_policy:all_shards",
                                                    "response_policy:all_succeeded"};
  static constexpr CommandRow kRows[] = {
      {"del", -2, kWrite, kKeys<kKeyRM | kKeyDelete, 1, -1>, kAclKeyspace, del, kSum},
      {"exists", -2, kReadOnly | kFast, kKeys<kKeyRO, 1, -1>, kAclKeyspace, exists, kSum},
      {"type", 2, kReadOnly | kFast, kKeys<kKeyRO>, kAclKeyspace, type},
      {"keys", 2, kReadOnly, {}, kAclKeyspace | kAclDangerous, keys, kKeysTips},
      {"rename", 3, kWrite, kRename, kAclKeyspace, rename},
      {"select", 2, kLoading | kStale | kFast, {}, kAclConnection, select},
      {"dbsize", 1, kReadOnly | kFast, {}, kAclKeyspace, dbsize, kDbsizeTips},
      {"flushdb", -1, kWrite, {}, kAclKeyspace | kAclDangerous, flushdb, kFlushTips},
      {"flushall", -1, kWrite, {}, kAclKeyspace | kAclDangerous, flushall, kFlushTips},
  };
  return kRows;
}

}  // namespace get_set
