// SPDX-License-Identifier: MIT
// SET with all of its options, SETEX, PSETEX, GETEX. They replace stage 03's SET.
#include <fmt/format.h>

#include "03-get-set/string_reply.h"
#include "04-expiry/commands.h"
#include "04-expiry/deadline.h"
#include "04-expiry/set_options.h"
#include "shared/util/numbers.h"
#include "shared/util/todo.h"

namespace expiry {

using command::Context;
using get_set::reply_string;
using get_set::store_string;
using keyspace::Entry;
using keyspace::Event;
using keyspace::KeepTtl;
using keyspace::LookupFlags;
using keyspace::UnixMs;
namespace errors = util::errors;

// The moment that the options name; nothing, and answered, when it is no number, not positive or out of range.
static std::optional<UnixMs> read_deadline(Context& c, const SetOptions& options) {
  const auto amount = util::parse_int64(*options.time);
  if (!amount) {
    c.fail(errors::kNotInteger);
    return std::nullopt;
  }
  const auto when = *amount > 0 ? deadline(*amount, options.unit, options.from, c.now()) : std::nullopt;
  if (!when) c.reply().error(fmt::format("ERR invalid expire time in '{}' command", c.command().name));
  return when;
}

static void propagate_set(Context& c, size_t value_argument, const SetOptions& options, UnixMs when) {
  // [05.1c begin] a moment, not a distance: PXAT, KEEPTTL, or neither
  //stub: (void)c, (void)value_argument, (void)options, (void)when;  // TODO 05.1: what is said here replaces the client's words
  //quiet: (void)c, (void)value_argument, (void)options, (void)when;
  char digits[util::kMaxInt64Digits];
  if (options.time) {
    c.propagate().as({"SET", c.arg(1), c.arg(value_argument), "PXAT", {digits, util::format_int64(when, digits)}});
  } else if (options.keep_ttl) {
    c.propagate().as({"SET", c.arg(1), c.arg(value_argument), "KEEPTTL"});
  } else {
    c.propagate().as({"SET", c.arg(1), c.arg(value_argument)});
  }
  // [05.1c end]
}

// SET … PXAT names the moment itself: its own words are passed on, as Redis does.
static bool names_the_moment(const SetOptions& options) {
  return options.time && options.unit == Unit::Milliseconds && options.from == From::Epoch;
}

// Everything has been read and checked; `when` is kNever without a time option. Stores and reports; what is passed on
// follows.
static void store(Context& c, size_t value_argument, const SetOptions& options, UnixMs when) {
  const std::string_view key = c.arg(1);
  // [04.3c begin] keep, drop or replace the deadline
  Entry* entry = store_string(c, key, value_argument, options.keep_ttl ? KeepTtl::Yes : KeepTtl::No);
  c.changed(Event::String, "set", key);
  if (options.time) {
    c.db().expire_at(entry, when);
    c.changed(Event::Generic, "expire", key, 0);
  }
  // [04.3c end]
  if (names_the_moment(options)) return;
  if (options.time || options.get || options.nx || options.xx) propagate_set(c, value_argument, options, when);
}

static void set_plain(Context& c) {
  store_string(c, c.arg(1), 2, KeepTtl::No);
  c.changed(Event::String, "set", c.arg(1));
  c.reply().ok();
}

static void set(Context& c) {
  if (c.argc() == 3) return set_plain(c);
  const auto options = parse_set_options(c.args(3), SetOptions::For::Set);
  if (!options) return c.fail(errors::kSyntax);
  UnixMs when = keyspace::kNever;
  if (options->time) {
    const auto read = read_deadline(c, *options);
    if (!read) return;
    when = *read;
  }
  if (options->get) {
    const keyspace::StringView before = c.string(c.arg(1));
    if (!before) return;
    before.exists() ? reply_string(c, before) : c.reply().null();
  }
  const bool exists = (options->nx || options->xx) && c.db().find(c.arg(1), LookupFlags::Write) != nullptr;
  if ((options->nx && exists) || (options->xx && !exists)) {
    if (!options->get) c.reply().null();
    return;
  }
  store(c, 2, *options, when);
  if (!options->get) c.reply().ok();
}

template <Unit unit>
static void setex(Context& c) {
  const SetOptions options{.time = c.arg(2), .unit = unit};
  const auto when = read_deadline(c, options);
  if (!when) return;
  store(c, 3, options, *when);
  c.reply().ok();
}

// The reply comes first: a moment that has passed deletes the value that it needs.
static void getex(Context& c) {
  const auto options = parse_set_options(c.args(2), SetOptions::For::GetEx);
  if (!options) return c.fail(errors::kSyntax);
  const std::string_view key = c.arg(1);
  const keyspace::StringView value = c.string(key);
  if (!value) return;
  if (!value.exists()) return c.reply().null();
  std::optional<UnixMs> when;
  if (options->time && !(when = read_deadline(c, *options))) return;
  reply_string(c, value);
  if (when) {
    set_deadline(c, key, value.entry(), *when);
  } else if (options->persist && value.entry()->has_deadline()) {
    c.db().persist(value.entry());
    c.changed(Event::Generic, "persist", key);
    c.propagate().as({"PERSIST", key});
  }
}

std::span<const command::CommandRow> string_commands() {
  using namespace command;
  static constexpr KeySpec kSetKeys[] = {{.flags = kKeyRW | kKeyAccess | kKeyUpdate | kKeyVariable,
                                          .index = 1,
                                          .notes = "RW and ACCESS due to the optional `GET` argument"}};
  static constexpr KeySpec kGetExKeys[] = {{.flags = kKeyRW | kKeyAccess | kKeyUpdate,
                                            .index = 1,
                                            .notes = "RW and UPDATE because it changes the TTL"}};
  static constexpr auto& kOverwrites = kKeys<kKeyOW | kKeyUpdate>;
  static constexpr CommandRow kRows[] = {
      {"set", -3, kWrite | kDenyOom, kSetKeys, kAclString, set},
      {"setex", 4, kWrite | kDenyOom, kOverwrites, kAclString, setex<Unit::Seconds>},
      {"psetex", 4, kWrite | kDenyOom, kOverwrites, kAclString, setex<Unit::Milliseconds>},
      {"getex", -2, kWrite | kFast, kGetExKeys, kAclString, getex},
  };
  return kRows;
}

}  // namespace expiry
