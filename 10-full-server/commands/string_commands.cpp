// SPDX-License-Identifier: MIT
// MSETNX, SETNX, GETSET, GETDEL, INCRBYFLOAT, SUBSTR: what Redis knows about strings beyond stages
// 03 and 04.
#include <cmath>

#include "03-get-set/shared_handlers.h"
#include "03-get-set/string_reply.h"
#include "10-full-server/commands/commands.h"
#include "shared/command/context.h"
#include "shared/resp/request_errors.h"
#include "shared/util/numbers.h"

namespace full_server {

using command::Context;
using get_set::reply_string;
using get_set::store_string;
using keyspace::Entry;
using keyspace::Event;
using keyspace::KeepTtl;
using keyspace::LookupFlags;
namespace errors = util::errors;

static void store_argument(Context& c, std::string_view key, size_t value_argument) {
  store_string(c, key, value_argument, KeepTtl::No);
  c.changed(Event::String, "set", key);
}

static void setnx(Context& c) {
  if (c.db().find(c.arg(1), LookupFlags::Write) != nullptr) return c.reply().integer(0);
  store_argument(c, c.arg(1), 2);
  c.reply().integer(1);
}

// All or nothing: one key that exists keeps all of them from being set.
static void msetnx(Context& c) {
  if (c.argc() % 2 == 0) return c.reply().error(resp::wrong_arity("msetnx"));
  for (size_t i = 1; i < c.argc(); i += 2) {
    if (c.db().find(c.arg(i), LookupFlags::Write) != nullptr) return c.reply().integer(0);
  }
  c.propagate().as(
      c.args());  // first: of a key that is named twice, the earlier value is gone after
  for (size_t i = 1; i < c.argc(); i += 2) store_argument(c, c.arg(i), i + 1);
  c.reply().integer(1);
}

static void reply_or_null(Context& c, const keyspace::StringView& value) {
  value.exists() ? reply_string(c, value) : c.reply().null();
}

static void getset(Context& c) {
  const keyspace::StringView before = c.string(c.arg(1));
  if (!before) return;
  reply_or_null(c, before);
  store_argument(c, c.arg(1), 2);
  c.propagate().as({"SET", c.arg(1), c.arg(2)});
}

static void getdel(Context& c) {
  const std::string_view key = c.arg(1);
  const keyspace::StringView value = c.string(key);
  if (!value) return;
  reply_or_null(c, value);
  if (!value.exists()) return;
  c.db().erase(value.entry());
  c.changed(Event::Generic, "del", key);
  c.propagate().as({"DEL", key});
}

// The sum stays text, even when it is whole: Redis gives it the encoding "embstr", never "int".
static void store_text(Context& c, std::string_view key, std::string_view text, const Entry* old) {
  if (text.size() > Entry::kMaxEmbedded) {
    c.db().set_string(key, text, KeepTtl::Yes);
    return;
  }
  c.db().store(Entry::create({.key = key,
                              .deadline = old == nullptr ? keyspace::kNever : old->deadline(),
                              .encoding = static_cast<uint8_t>(keyspace::StringEncoding::Embedded),
                              .text = text,
                              .clock = c.db().environment().clock}));
}

// Passed on as SET: another machine might round or print otherwise.
static void incrbyfloat(Context& c) {
  const std::string_view key = c.arg(1);
  Entry* entry = nullptr;
  long double sum = 0;
  {
    const keyspace::StringEdit value = c.edit_string(key);
    if (!value) return;
    entry = value.entry();
    const auto before =
        value.exists() ? util::parse_long_double(value.text()) : std::optional<long double>(0);
    const auto by = util::parse_long_double(c.arg(2));
    if (!before || !by) return c.fail(errors::kNotFloat);
    sum = *before + *by;
  }
  if (std::isnan(sum) || std::isinf(sum)) return c.fail(errors::kNanOrInfinity);
  const std::string text = util::format_long_double(sum);
  store_text(c, key, text, entry);
  c.changed(Event::String, "incrbyfloat", key);
  c.propagate().as({"SET", key, text, "KEEPTTL"});
  c.reply().bulk(text);
}

std::span<const command::CommandRow> string_commands() {
  using namespace command;
  constexpr Flags kStores = kWrite | kDenyOom | kFast;
  static constexpr auto& kRead = kKeys<kKeyRO | kKeyAccess>;
  static constexpr auto& kReplace = kKeys<kKeyRW | kKeyAccess | kKeyUpdate>;
  static constexpr auto& kRemove = kKeys<kKeyRW | kKeyAccess | kKeyDelete>;
  static constexpr auto& kInsert = kKeys<kKeyOW | kKeyInsert>;
  static constexpr auto& kInsertPairs = kKeys<kKeyOW | kKeyInsert, 1, -1, 2>;
  static constexpr CommandRow kRows[] = {
      {"setnx", 3, kStores, kInsert, kAclString, setnx},
      {"msetnx", -3, kWrite | kDenyOom, kInsertPairs, kAclString, msetnx},
      {"getset", 3, kStores, kReplace, kAclString, getset},
      {"getdel", 2, kWrite | kFast, kRemove, kAclString, getdel},
      {"incrbyfloat", 3, kStores, kReplace, kAclString, incrbyfloat},
      {"substr", 4, kReadOnly, kRead, kAclString, get_set::getrange},
  };
  return kRows;
}

}  // namespace full_server
