// SPDX-License-Identifier: MIT
// Sets: SADD, SREM, SCARD, SMEMBERS, SISMEMBER, SMISMEMBER, SMOVE, SSCAN; rows and composition of
// all set commands.
#include <limits>
#include <vector>

#include "05-aof/append_only.h"
#include "06-rdb/value_codec.h"
#include "10-full-server/commands/commands.h"
#include "10-full-server/commands/scan_options.h"
#include "10-full-server/commands/set_handlers.h"
#include "10-full-server/persistence/codecs.h"
#include "shared/server/server.h"

namespace full_server {

using command::Context;
using keyspace::Event;
using types::PackedValue;
using types::Set;

static void sadd(Context& c) {
  auto set = c.edit<Set>(c.arg(1));
  if (!set) return;
  set->prepare(c.arg(2), c.argc() - 2);
  int64_t added = 0;
  for (const std::string_view member : c.args(2)) added += set->add(member) ? 1 : 0;
  set.changed(Event::Set, "sadd", added);
  c.reply().integer(added);
}

static void srem(Context& c) {
  bool found;
  auto set = c.edit_existing<Set>(c.arg(1), found);
  if (!found) return c.reply().integer(0);
  if (!set) return;
  int64_t removed = 0;
  for (const std::string_view member : c.args(2)) {
    removed += set->remove(member) ? 1 : 0;
    if (set.read().empty()) break;
  }
  set.changed(Event::Set, "srem", removed);
  c.reply().integer(removed);
}

static void scard(Context& c) {
  const auto set = c.view<Set>(c.arg(1));
  if (set) c.reply().integer(static_cast<int64_t>(set->size()));
}

static void smembers(Context& c) {
  const auto set = c.view<Set>(c.arg(1));
  if (set) sets::reply_all(c, *set);
}

static void sismember(Context& c) {
  const auto set = c.view<Set>(c.arg(1));
  if (set) c.reply().integer(set->contains(c.arg(2)) ? 1 : 0);
}

static void smismember(Context& c) {
  const auto set = c.view<Set>(c.arg(1));
  if (!set) return;
  c.reply().array(c.argc() - 2);
  for (const std::string_view member : c.args(2)) c.reply().integer(set->contains(member) ? 1 : 0);
}

// The member leaves even when it is in the destination already: both keys change, or one.
static void smove(Context& c) {
  const std::string_view from = c.arg(1), to = c.arg(2), member = c.arg(3);
  bool found;
  auto source = c.edit_existing<Set>(from, found);
  if (!found) return c.reply().integer(0);
  if (!source) return;
  if (from == to) return c.reply().integer(source.read().contains(member) ? 1 : 0);
  auto destination = c.edit<Set>(to);
  if (!destination) return;
  if (!source.read().contains(member)) return c.reply().integer(0);
  source->remove(member);
  source.changed(Event::Set, "srem", 1);
  if (!destination.exists()) destination->prepare(member, 1);
  destination.changed(Event::Set, "sadd", destination->add(member) ? 1 : 0);
  c.reply().integer(1);
}

static void sscan(Context& c) {
  const auto start = read_cursor(c, 2);
  if (!start) return;
  const auto set = c.view<Set>(c.arg(1));
  if (!set) return;
  std::vector<PackedValue> found;
  collections::Cursor cursor = 0;
  if (set.exists()) {
    const auto options = read_scan_options(c, 3, ScanKind::Collection);
    if (!options) return;
    cursor = scan_some(*options, *start, [&](uint64_t from, int64_t& seen) {
      return set->scan(from, [&](PackedValue member) {
        ++seen;
        PackedValue::Scratch scratch;
        if (options->matches(member.text(scratch))) found.push_back(member);
      });
    });
  }
  reply_cursor(c, cursor);
  c.reply().array(found.size());
  for (const PackedValue member : found) reply_packed(c, member);
}

namespace {

using namespace command;
constexpr KeySpec kMoved[] = {{.flags = kKeyRW | kKeyAccess | kKeyDelete, .index = 1},
                              {.flags = kKeyRW | kKeyInsert, .index = 2}};
constexpr KeySpec kCounted[] = {{.flags = kKeyRO | kKeyAccess,
                                 .index = 1,
                                 .find = KeySpec::Find::Count,
                                 .count_index = 0,
                                 .first = 1}};
constexpr KeySpec kStored[] = {{.flags = kKeyOW | kKeyUpdate, .index = 1},
                               {.flags = kKeyRO | kKeyAccess, .index = 2, .last = -1}};
constexpr KeySpec kStoredInter[] = {{.flags = kKeyRW | kKeyUpdate, .index = 1},
                                    {.flags = kKeyRO | kKeyAccess, .index = 2, .last = -1}};

}  // namespace

static std::span<const command::CommandRow> rows() {
  using namespace command;
  static constexpr auto& kLooked = kKeys<kKeyRO>;
  static constexpr auto& kRead = kKeys<kKeyRO | kKeyAccess>;
  static constexpr auto& kReadAll = kKeys<kKeyRO | kKeyAccess, 1, -1>;
  static constexpr auto& kInserted = kKeys<kKeyRW | kKeyInsert>;
  static constexpr auto& kRemoved = kKeys<kKeyRW | kKeyDelete>;
  static constexpr auto& kTaken = kKeys<kKeyRW | kKeyAccess | kKeyDelete>;
  static constexpr std::string_view kAnyOrder[] = {"nondeterministic_output_order"};
  static constexpr std::string_view kByChance[] = {"nondeterministic_output"};
  constexpr Flags kStores = kWrite | kDenyOom;
  static constexpr CommandRow kRows[] = {
      {"sadd", -3, kStores | kFast, kInserted, kAclSet, sadd},
      {"scard", 2, kReadOnly | kFast, kLooked, kAclSet, scard},
      {"sdiff", -2, kReadOnly, kReadAll, kAclSet, sets::sdiff, kAnyOrder},
      {"sdiffstore", -3, kStores, kStored, kAclSet, sets::sdiffstore},
      {"sinter", -2, kReadOnly, kReadAll, kAclSet, sets::sinter, kAnyOrder},
      {"sintercard", -3, kReadOnly | kMovableKeys, kCounted, kAclSet, sets::sintercard},
      {"sinterstore", -3, kStores, kStoredInter, kAclSet, sets::sinterstore},
      {"sismember", 3, kReadOnly | kFast, kLooked, kAclSet, sismember},
      {"smembers", 2, kReadOnly, kRead, kAclSet, smembers, kAnyOrder},
      {"smismember", -3, kReadOnly | kFast, kRead, kAclSet, smismember},
      {"smove", 4, kWrite | kFast, kMoved, kAclSet, smove},
      {"spop", -2, kWrite | kFast, kTaken, kAclSet, sets::spop, kByChance},
      {"srandmember", -2, kReadOnly, kRead, kAclSet, sets::srandmember, kByChance},
      {"srem", -3, kWrite | kFast, kRemoved, kAclSet, srem},
      {"sscan", -3, kReadOnly, kRead, kAclSet, sscan, kByChance},
      {"sunion", -2, kReadOnly, kReadAll, kAclSet, sets::sunion, kAnyOrder},
      {"sunionstore", -3, kStores, kStored, kAclSet, sets::sunionstore},
  };
  return kRows;
}

void compose_sets(server::Server& server) {
  server.add_commands(rows());
  keyspace::register_type(Set::descriptor());
  server.parts.get<rdb::CodecTable>().add(persistence::set_codec());
  server.parts.get<aof::AppendOnly>().rewriters().add(keyspace::TypeId::Set,
                                                      persistence::rewrite_set);
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  types::SetSettings& settings = types::set_settings;
  settings = {};
  const auto add = [&](const char* name, uint64_t& value) {
    server.parameters.add(server::integer(name, value, 0, kMost));
  };
  add("set-max-intset-entries", settings.max_intset_entries);
  add("set-max-listpack-entries", settings.max_listpack_entries);
  add("set-max-listpack-value", settings.max_listpack_value);
}

}  // namespace full_server
