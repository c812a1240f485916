// SPDX-License-Identifier: MIT
// Hashes: HSET … HSCAN. What the type is, how it is kept and configured is put together here too.
#include <cmath>
#include <string>
#include <vector>

#include "05-aof/append_only.h"
#include "10-full-server/commands/commands.h"
#include "10-full-server/commands/hash_handlers.h"
#include "10-full-server/commands/packed_reply.h"
#include "10-full-server/commands/scan_options.h"
#include "10-full-server/persistence/codecs.h"
#include "10-full-server/types/hash.h"
#include "shared/resp/request_errors.h"
#include "shared/server/server.h"

namespace full_server {

using command::Context;
using keyspace::Event;
using types::Hash;
using types::PackedValue;
using Edit = keyspace::Edit<Hash>;
using View = keyspace::View<Hash>;
namespace errors = util::errors;

constexpr util::Error kValueNotInteger{"ERR hash value is not an integer"};
constexpr util::Error kValueNotFloat{"ERR hash value is not a float"};
constexpr util::Error kIncrementNotFinite{"ERR value is NaN or Infinity"};

static void reply_value(Context& c, const std::optional<PackedValue>& value) {
  value ? reply_packed(c, *value) : c.reply().null();
}

// How many fields were new; nothing, and answered, when something is wrong.
static std::optional<int64_t> set_fields(Context& c) {
  if (c.argc() % 2 == 1) {
    c.reply().error(resp::wrong_arity(c.command().name));
    return std::nullopt;
  }
  Edit hash = c.edit<Hash>(c.arg(1));
  if (!hash) return std::nullopt;
  hash->prepare(c.args(2));
  int64_t added = 0;
  for (size_t i = 2; i < c.argc(); i += 2) added += hash->set(c.arg(i), c.arg(i + 1)) ? 1 : 0;
  hash.changed(Event::Hash, "hset", static_cast<int64_t>(c.argc() - 2) / 2);
  return added;
}

static void hset(Context& c) {
  if (const auto added = set_fields(c)) c.reply().integer(*added);
}

static void hmset(Context& c) {
  if (set_fields(c)) c.reply().ok();
}

static void hsetnx(Context& c) {
  Edit hash = c.edit<Hash>(c.arg(1));
  if (!hash) return;
  if (hash.read().get(c.arg(2))) return c.reply().integer(0);
  hash->prepare(c.args(2));
  hash->set(c.arg(2), c.arg(3));
  hash.changed(Event::Hash, "hset", 1);
  c.reply().integer(1);
}

static std::optional<int64_t> integer_of(const PackedValue& value) {
  if (value.is_number()) return value.number();
  PackedValue::Scratch unused;
  return util::parse_int64(value.text(unused));
}

static void hincrby(Context& c) {
  command::ArgReader reader = c.reader(3);
  const int64_t by = reader.integer();
  if (!reader.ok()) return c.fail(reader.error());
  Edit hash = c.edit<Hash>(c.arg(1));
  if (!hash) return;
  const auto held = hash.read().get(c.arg(2));
  const auto before = held ? integer_of(*held) : std::optional<int64_t>(0);
  if (!before) return c.fail(kValueNotInteger);
  int64_t sum = 0;
  if (__builtin_add_overflow(*before, by, &sum)) return c.fail(errors::kOverflow);
  char digits[util::kMaxInt64Digits];
  hash->set(c.arg(2), {digits, util::format_int64(sum, digits)});
  hash.changed(Event::Hash, "hincrby", 1);
  c.reply().integer(sum);
}

static std::optional<long double> float_of(const PackedValue& value) {
  PackedValue::Scratch scratch;
  return util::parse_long_double(value.text(scratch));
}

// Passed on as HSET: another machine might round or print otherwise.
static void hincrbyfloat(Context& c) {
  const auto by = util::parse_long_double(c.arg(3));
  if (!by) return c.fail(errors::kNotFloat);
  if (std::isinf(*by)) return c.fail(kIncrementNotFinite);
  Edit hash = c.edit<Hash>(c.arg(1));
  if (!hash) return;
  const auto held = hash.read().get(c.arg(2));
  const auto before = held ? float_of(*held) : std::optional<long double>(0);
  if (!before) return c.fail(kValueNotFloat);
  const long double sum = *before + *by;
  if (std::isnan(sum) || std::isinf(sum)) return c.fail(errors::kNanOrInfinity);
  const std::string text = util::format_long_double(sum);
  hash->set(c.arg(2), text);
  hash.changed(Event::Hash, "hincrbyfloat", 1);
  c.propagate().as({"HSET", c.arg(1), c.arg(2), text});
  c.reply().bulk(text);
}

static void hdel(Context& c) {
  bool found = false;
  Edit hash = c.edit_existing<Hash>(c.arg(1), found);
  if (!found) return c.reply().integer(0);
  if (!hash) return;
  int64_t removed = 0;
  for (const std::string_view field : c.args(2)) removed += hash->remove(field) ? 1 : 0;
  hash.unchanged();
  if (removed > 0) hash.changed(Event::Hash, "hdel", removed);
  c.reply().integer(removed);
}

static void hget(Context& c) {
  const View hash = c.view<Hash>(c.arg(1));
  if (hash) reply_value(c, hash->get(c.arg(2)));
}

static void hmget(Context& c) {
  const View hash = c.view<Hash>(c.arg(1));
  if (!hash) return;
  c.reply().array(c.argc() - 2);
  for (const std::string_view field : c.args(2)) reply_value(c, hash->get(field));
}

static void hgetall(Context& c) {
  const View hash = c.view<Hash>(c.arg(1));
  if (!hash) return;
  c.reply().map(hash->size());
  hash->for_each([&](PackedValue field, PackedValue value) {
    reply_packed(c, field);
    reply_packed(c, value);
  });
}

static void hkeys(Context& c) {
  const View hash = c.view<Hash>(c.arg(1));
  if (!hash) return;
  c.reply().array(hash->size());
  hash->for_each([&](PackedValue field, PackedValue) { reply_packed(c, field); });
}

static void hvals(Context& c) {
  const View hash = c.view<Hash>(c.arg(1));
  if (!hash) return;
  c.reply().array(hash->size());
  hash->for_each([&](PackedValue, PackedValue value) { reply_packed(c, value); });
}

static void hlen(Context& c) {
  const View hash = c.view<Hash>(c.arg(1));
  if (hash) c.reply().integer(static_cast<int64_t>(hash->size()));
}

static void hstrlen(Context& c) {
  const View hash = c.view<Hash>(c.arg(1));
  if (!hash) return;
  const auto value = hash->get(c.arg(2));
  PackedValue::Scratch scratch;
  c.reply().integer(value ? static_cast<int64_t>(value->text(scratch).size()) : 0);
}

static void hexists(Context& c) {
  const View hash = c.view<Hash>(c.arg(1));
  if (hash) c.reply().integer(hash->get(c.arg(2)) ? 1 : 0);
}

static void hscan(Context& c) {
  const auto start = read_cursor(c, 2);
  if (!start) return;
  const View hash = c.view<Hash>(c.arg(1));
  if (!hash) return;
  if (!hash.exists()) {
    reply_cursor(c, 0);
    return c.reply().array(0);
  }
  const auto options = read_scan_options(c, 3, ScanKind::Collection);
  if (!options) return;
  std::vector<Hash::Pair> found;
  reply_cursor(c, scan_some(*options, *start, [&](uint64_t cursor, int64_t& seen) {
                 return hash->scan(cursor, [&](PackedValue field, PackedValue value) {
                   ++seen;
                   PackedValue::Scratch scratch;
                   if (options->matches(field.text(scratch))) found.push_back({field, value});
                 });
               }));
  c.reply().array(2 * found.size());
  for (const auto& [field, value] : found) {
    reply_packed(c, field);
    reply_packed(c, value);
  }
}

static std::span<const command::CommandRow> hash_commands() {
  using namespace command;
  constexpr Flags kRead = kReadOnly | kFast;
  constexpr Flags kStore = kWrite | kDenyOom | kFast;
  static constexpr auto& kLook = kKeys<kKeyRO>;
  static constexpr auto& kAccess = kKeys<kKeyRO | kKeyAccess>;
  static constexpr auto& kUpdate = kKeys<kKeyRW | kKeyUpdate>;
  static constexpr auto& kReplace = kKeys<kKeyRW | kKeyAccess | kKeyUpdate>;
  static constexpr auto& kInsert = kKeys<kKeyRW | kKeyInsert>;
  static constexpr auto& kRemove = kKeys<kKeyRW | kKeyDelete>;
  static constexpr std::string_view kAnyOrder[] = {"nondeterministic_output_order"};
  static constexpr std::string_view kByChance[] = {"nondeterministic_output"};
  static constexpr CommandRow kRows[] = {
      {"hset", -4, kStore, kUpdate, kAclHash, hset},
      {"hmset", -4, kStore, kUpdate, kAclHash, hmset},
      {"hsetnx", 4, kStore, kInsert, kAclHash, hsetnx},
      {"hincrby", 4, kStore, kReplace, kAclHash, hincrby},
      {"hincrbyfloat", 4, kStore, kReplace, kAclHash, hincrbyfloat},
      {"hdel", -3, kWrite | kFast, kRemove, kAclHash, hdel},
      {"hget", 3, kRead, kAccess, kAclHash, hget},
      {"hmget", -3, kRead, kAccess, kAclHash, hmget},
      {"hgetall", 2, kReadOnly, kAccess, kAclHash, hgetall, kAnyOrder},
      {"hkeys", 2, kReadOnly, kAccess, kAclHash, hkeys, kAnyOrder},
      {"hvals", 2, kReadOnly, kAccess, kAclHash, hvals, kAnyOrder},
      {"hlen", 2, kRead, kLook, kAclHash, hlen},
      {"hstrlen", 3, kRead, kLook, kAclHash, hstrlen},
      {"hexists", 3, kRead, kLook, kAclHash, hexists},
      {"hrandfield", -2, kReadOnly, kAccess, kAclHash, hrandfield, kByChance},
      {"hscan", -3, kReadOnly, kAccess, kAclHash, hscan, kByChance},
  };
  return kRows;
}

void compose_hashes(server::Server& server) {
  keyspace::register_type(Hash::descriptor());
  server.add_commands(hash_commands());
  server.parts.find<rdb::CodecTable>()->add(persistence::hash_codec());
  server.parts.get<aof::AppendOnly>().rewriters().add(keyspace::TypeId::Hash,
                                                      persistence::rewrite_hash);
  types::HashSettings& settings = types::hash_settings;
  server.parameters.add(
      server::integer("hash-max-listpack-entries", settings.max_listpack_entries, 0, INT64_MAX)
          .also_called("hash-max-ziplist-entries"));
  server.parameters.add(server::memory_size("hash-max-listpack-value", settings.max_listpack_value)
                            .also_called("hash-max-ziplist-value"));
}

}  // namespace full_server
