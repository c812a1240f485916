// SPDX-License-Identifier: MIT
// COMMAND, COUNT, INFO: the table describes itself. Everything follows from the rows.
#include "03-get-set/commands.h"
#include "shared/command/context.h"

namespace get_set {

using command::Command;
using command::Context;
using command::KeySpec;

// The lowest `count` bits of `bits` by name, as a set of status replies. Bits above have no name.
template <class Name>
static void reply_names(resp::ReplyWriter& reply, uint32_t bits, size_t count, std::string_view prefix, Name name) {
  bits &= (uint32_t{1} << count) - 1;
  reply.set(static_cast<size_t>(__builtin_popcount(bits)));
  for (size_t bit = 0; bit < count; ++bit) {
    if ((bits >> bit & 1) != 0) reply.simple(std::string(prefix).append(name(bit)));
  }
}

static void reply_unknown(resp::ReplyWriter& reply, std::string_view name) {
  reply.bulk(name);
  reply.map(2);
  reply.bulk("type");
  reply.bulk("unknown");
  reply.bulk("spec");
  reply.map(0);
}

static void reply_begin(resp::ReplyWriter& reply, const KeySpec& spec) {
  if (spec.find == KeySpec::Find::Unknown) return reply_unknown(reply, "begin_search");
  reply.bulk("begin_search");
  reply.map(2);
  reply.bulk("type");
  reply.bulk(spec.keyword.empty() ? "index" : "keyword");
  reply.bulk("spec");
  reply.map(spec.keyword.empty() ? 1 : 2);
  if (!spec.keyword.empty()) {
    reply.bulk("keyword");
    reply.bulk(spec.keyword);
  }
  reply.bulk(spec.keyword.empty() ? "index" : "startfrom");
  reply.integer(spec.index);
}

static void reply_find(resp::ReplyWriter& reply, const KeySpec& spec) {
  if (spec.find == KeySpec::Find::Unknown) return reply_unknown(reply, "find_keys");
  const bool range = spec.find == KeySpec::Find::Range;
  reply.bulk("find_keys");
  reply.map(2);
  reply.bulk("type");
  reply.bulk(range ? "range" : "keynum");
  reply.bulk("spec");
  reply.map(3);
  const auto pair = [&](std::string_view name, int64_t value) {
    reply.bulk(name);
    reply.integer(value);
  };
  pair(range ? "lastkey" : "keynumidx", range ? spec.last : spec.count_index);
  pair(range ? "keystep" : "firstkey", range ? spec.step : spec.first);
  pair(range ? "limit" : "keystep", range ? spec.limit : spec.step);
}

static void reply_key_spec(resp::ReplyWriter& reply, const KeySpec& spec) {
  reply.map(spec.notes.empty() ? 3 : 4);
  if (!spec.notes.empty()) {
    reply.bulk("notes");
    reply.bulk(spec.notes);
  }
  reply.bulk("flags");
  reply_names(reply, spec.flags, command::kKeyFlagCount, "", command::key_flag_name);
  reply_begin(reply, spec);
  reply_find(reply, spec);
}

// First key, last key, step: what clients knew before key specs; zeros when the specs don't say.
static void reply_legacy_range(resp::ReplyWriter& reply, std::span<const KeySpec> specs) {
  int first = 0, last = 0, step = 0;
  for (const KeySpec& spec : specs) {
    if (!spec.keyword.empty() || spec.find != KeySpec::Find::Range) continue;
    const int end = spec.last < 0 ? spec.last : spec.index + spec.last;
    if (first == 0) {
      first = spec.index;
      last = end;
      step = spec.step;
    } else if (spec.index == last + 1) {
      last = end;
    }
  }
  reply.integer(first);
  reply.integer(last);
  reply.integer(step);
}

static void reply_command_info(resp::ReplyWriter& reply, const Command* command) {
  if (command == nullptr) return reply.null();
  const command::CommandRow& row = *command->row;
  reply.array(10);
  reply.bulk(command->name);
  reply.integer(row.arity);
  // Redis keeps this one to itself.
  reply_names(reply, row.flags & ~command::kMayReplicate, command::kFlagCount, "", command::flag_name);
  reply_legacy_range(reply, row.keys);
  reply_names(reply, command::acl_categories(row), command::kAclCategoryCount, "@", command::acl_category_name);
  reply.set(row.tips.size());
  for (const std::string_view tip : row.tips) reply.bulk(tip);
  reply.set(row.keys.size());
  for (const KeySpec& spec : row.keys) reply_key_spec(reply, spec);
  if (!command->is_container()) return reply.set(0);
  reply.array(command->subcommands.size());
  for (const Command* subcommand : command->subcommands) reply_command_info(reply, subcommand);
}

static void reply_all(Context& c) {
  c.reply().array(c.table().top_level_count());
  for (size_t i = 0; i < c.table().size(); ++i) {
    if (c.table()[i].container == nullptr) reply_command_info(c.reply(), &c.table()[i]);
  }
}

static void count(Context& c) { c.reply().integer(static_cast<int64_t>(c.table().top_level_count())); }

static void info(Context& c) {
  if (c.argc() == 2) return reply_all(c);
  c.reply().array(c.argc() - 2);
  for (const std::string_view name : c.args(2)) reply_command_info(c.reply(), c.table().find_full_name(name));
}

std::span<const command::CommandRow> command_commands() {
  using namespace command;
  constexpr Flags kPlain = kLoading | kStale;
  static constexpr std::string_view kTips[] = {"nondeterministic_output_order"};
  static constexpr CommandRow kRows[] = {
      {"command", -1, kPlain, {}, kAclConnection, reply_all, kTips},
      {"command|count", 2, kPlain, {}, kAclConnection, count},
      {"command|info", -2, kPlain, {}, kAclConnection, info, kTips},
  };
  return kRows;
}

}  // namespace get_set
