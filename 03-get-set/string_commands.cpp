// SPDX-License-Identifier: MIT
// Strings: bytes under a key. Every command here finds the value through a guard, which answers
// WRONGTYPE itself.
#include <algorithm>

#include "03-get-set/commands.h"
#include "03-get-set/shared_handlers.h"
#include "03-get-set/string_reply.h"
#include "shared/command/context.h"
#include "shared/server/settings.h"
#include "shared/util/todo.h"

namespace get_set {

using command::Context;
using keyspace::Event;
using keyspace::KeepTtl;
namespace errors = util::errors;

void reply_string(Context& c, const keyspace::StringView& value) {
  if (const util::Blob blob = value.blob()) return c.reply().bulk(blob);
  c.reply().bulk(value.text());
}

keyspace::Entry* store_string(Context& c, std::string_view key, size_t value_argument,
                              KeepTtl keep) {
  if (util::Blob large = c.take(value_argument))
    return c.db().set_blob(key, std::move(large), keep);
  return c.db().set_string(key, c.arg(value_argument), keep);
}

bool fits_string(Context& c, uint64_t length) {
  const auto limit = static_cast<uint64_t>(c.get<server::Settings>().parser.max_bulk_length);
  if (length <= limit) return true;
  c.fail(errors::kStringTooLong);
  return false;
}

static void get(Context& c) {
  // [03.2a begin] the value, or null
  const keyspace::StringView value = c.string(c.arg(1));
  if (!value) return;
  if (!value.exists()) return c.reply().null();
  reply_string(c, value);
  // [03.2a end]
}

static void set(Context& c) {
  if (c.argc() > 3) return c.fail(errors::kSyntax);  // options arrive in stage 04
  // [03.2b begin] the keyspace gets a copy of the bytes
  store_string(c, c.arg(1), 2, KeepTtl::No);
  c.changed(Event::String, "set", c.arg(1));
  c.reply().ok();
  // [03.2b end]
}

static void mget(Context& c) {
  // [03.2c begin] one reply for each key, null where there is no string
  c.reply().array(c.argc() - 1);
  for (const std::string_view key : c.args(1)) {
    keyspace::Entry* entry = c.db().find(key, c.read_flags());
    if (entry == nullptr || entry->type() != keyspace::TypeId::String) {
      c.reply().null();
    } else {
      reply_string(c, keyspace::StringView(entry));
    }
  }
  // [03.2c end]
}

static void mset(Context& c) {
  if (c.argc() % 2 == 0) return c.reply().error("ERR wrong number of arguments for 'mset' command");
  if (c.db().volatile_count() > 0) {  // what has expired goes first: the order to delete it must not follow the values
    for (size_t i = 1; i < c.argc(); i += 2) c.db().find(c.arg(i), keyspace::LookupFlags::Write);
  }
  c.propagate().as(c.args());  // first: of a key that is named twice, the earlier value is gone afterwards
  for (size_t i = 1; i < c.argc(); i += 2) {
    store_string(c, c.arg(i), i + 1, KeepTtl::No);
    c.changed(Event::String, "set", c.arg(i));
  }
  c.reply().ok();
}

static void append(Context& c) {
  keyspace::StringEdit value = c.edit_string(c.arg(1));
  if (!value) return;
  if (value.exists() && !fits_string(c, value.length() + c.arg(2).size())) return;
  value.append(c.arg(2));
  value.changed("append");
  c.reply().integer(static_cast<int64_t>(value.length()));
}

static void strlen(Context& c) {
  const keyspace::StringView value = c.string(c.arg(1));
  if (value) c.reply().integer(static_cast<int64_t>(value.length()));
}

void getrange(Context& c) {
  command::ArgReader reader = c.reader(2);
  int64_t start = reader.integer(), end = reader.integer();
  if (!reader.ok()) return c.fail(reader.error());
  const keyspace::StringView value = c.string(c.arg(1));
  if (!value) return;
  const auto length = static_cast<int64_t>(value.length());
  if (start < 0 && end < 0 && start > end) return c.reply().bulk("");
  if (start < 0) start = std::max<int64_t>(start + length, 0);
  if (end < 0) end = std::max<int64_t>(end + length, 0);
  end = std::min(end, length - 1);
  if (length == 0 || start > end) return c.reply().bulk("");
  c.reply().bulk(
      value.text().substr(static_cast<size_t>(start), static_cast<size_t>(end - start + 1)));
}

static void setrange(Context& c) {
  command::ArgReader reader = c.reader(2);
  const int64_t offset = reader.integer();
  if (!reader.ok()) return c.fail(reader.error());
  if (offset < 0) return c.fail(errors::kOffsetOutOfRange);
  const std::string_view piece = c.arg(3);
  keyspace::StringEdit value = c.edit_string(c.arg(1));
  if (!value) return;
  if (piece.empty()) return c.reply().integer(static_cast<int64_t>(value.length()));
  if (!fits_string(c, static_cast<uint64_t>(offset) + piece.size())) return;
  value.write_at(static_cast<size_t>(offset), piece);
  value.changed("setrange");
  c.reply().integer(static_cast<int64_t>(value.length()));
}

std::span<const command::CommandRow> string_commands() {
  using namespace command;
  static constexpr std::string_view kAllKeys[] = {"request_policy:multi_shard"};
  static constexpr std::string_view kAllSucceed[] = {"request_policy:multi_shard",
                                                     "response_policy:all_succeeded"};
  static constexpr CommandRow kRows[] = {
      {"get", 2, kReadOnly | kFast, kKeys<kKeyRO | kKeyAccess>, kAclString, get},
      {"set", -3, kWrite | kDenyOom, kKeys<kKeyOW | kKeyUpdate>, kAclString, set},
      {"mget", -2, kReadOnly | kFast, kKeys<kKeyRO | kKeyAccess, 1, -1>, kAclString, mget,
       kAllKeys},
      {"mset", -3, kWrite | kDenyOom, kKeys<kKeyOW | kKeyUpdate, 1, -1, 2>, kAclString, mset,
       kAllSucceed},
      {"append", 3, kWrite | kDenyOom | kFast, kKeys<kKeyRW | kKeyInsert>, kAclString, append},
      {"strlen", 2, kReadOnly | kFast, kKeys<kKeyRO>, kAclString, strlen},
      {"getrange", 4, kReadOnly, kKeys<kKeyRO | kKeyAccess>, kAclString, getrange},
      {"setrange", 4, kWrite | kDenyOom, kKeys<kKeyRW | kKeyUpdate>, kAclString, setrange},
  };
  return kRows;
}

}  // namespace get_set
