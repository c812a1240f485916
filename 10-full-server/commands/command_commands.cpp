// SPDX-License-Identifier: MIT
// COMMAND LIST, DOCS, GETKEYS, GETKEYSANDFLAGS, HELP: what a client can learn of commands before it
// sends one.
#include <bit>

#include "10-full-server/commands/commands.h"
#include "10-full-server/commands/help_reply.h"
#include "shared/command/command_keys.h"
#include "10-full-server/introspection/docs_reply.h"
#include "shared/command/context.h"
#include "shared/util/function_ref.h"
#include "shared/util/text.h"

namespace full_server {

using command::Command;
using command::Context;

using Filter = util::FunctionRef<bool(const Command&)>;

static void reply_list(Context& c, Filter listed) {
  auto list = c.reply().open_array();
  size_t count = 0;
  for (size_t i = 0; i < c.table().size(); ++i) {
    const Command& command = c.table()[i];
    if (!listed(command)) continue;
    c.reply().bulk(command.name);
    ++count;
  }
  list.close(count);
}

// The category's bit; 0: there is none of this name.
static command::AclCategories category(std::string_view name) {
  for (size_t bit = 0; bit < command::kAclCategoryCount; ++bit) {
    if (util::equal_ignoring_case(command::acl_category_name(bit), name))
      return command::AclCategories{1} << bit;
  }
  return 0;
}

// COMMAND LIST [FILTERBY MODULE name|ACLCAT category|PATTERN pattern]
static void list(Context& c) {
  if (c.argc() == 2) return reply_list(c, [](const Command&) { return true; });
  if (c.argc() != 5 || !util::equal_ignoring_case(c.arg(2), "filterby"))
    return c.fail(util::errors::kSyntax);
  const auto by = [&](std::string_view kind) { return util::equal_ignoring_case(c.arg(3), kind); };
  if (by("module")) {
    reply_list(c, [](const Command&) { return false; });  // no command comes from a module
  } else if (by("aclcat")) {
    const command::AclCategories wanted = category(c.arg(4));
    reply_list(c, [&](const Command& command) {
      return (command::acl_categories(*command.row) & wanted) != 0;
    });
  } else if (by("pattern")) {
    reply_list(
        c, [&](const Command& command) { return util::glob_match(c.arg(4), command.name, true); });
  } else {
    c.fail(util::errors::kSyntax);
  }
}

static void docs(Context& c) {
  const command::CommandTable& table = c.table();
  auto map = c.reply().open_map();
  size_t count = 0;
  const auto add = [&](const Command* command) {
    if (command == nullptr) return;
    introspection::reply_docs(c.reply(), *command);
    ++count;
  };
  if (c.argc() > 2) {
    for (const std::string_view name : c.args(2)) add(table.find_full_name(name));
  } else {
    for (size_t i = 0; i < table.size(); ++i)
      add(table[i].container == nullptr ? &table[i] : nullptr);
  }
  map.close(count);
}

// The command that the arguments from the third on ask for; null: there is none.
static const Command* asked(const Context& c) {
  const Command* command = c.table().find(c.arg(2));
  if (command == nullptr || !command->is_container() || c.argc() < 4) return command;
  return c.table().find_subcommand(*command, c.arg(3));
}

static void reply_flags(resp::ReplyWriter& reply, command::KeyFlags flags) {
  reply.set(static_cast<size_t>(std::popcount(flags)));
  for (size_t bit = 0; bit < command::kKeyFlagCount; ++bit) {
    if ((flags >> bit & 1) != 0) reply.simple(command::key_flag_name(bit));
  }
}

static void reply_keys(Context& c, bool with_flags) {
  const Command* command = asked(c);
  if (command == nullptr) return c.reply().error("ERR Invalid command specified");
  const command::CommandRow& row = *command->row;
  if (!command::has_keys(row)) return c.reply().error("ERR The command has no key arguments");
  const resp::Args args = c.args(2);
  const auto count = static_cast<int>(args.size());
  if (row.arity > 0 ? count != row.arity : count < -row.arity) {
    return c.reply().error("ERR Invalid number of arguments specified for command");
  }
  const auto keys = command::find_keys(row, args);
  const bool may_lack = (row.flags & command::kNoMandatoryKeys) != 0;
  if ((!keys || keys->empty()) && !may_lack)
    return c.reply().error("ERR Invalid arguments specified for command");
  c.reply().array(keys ? keys->size() : 0);
  if (!keys) return;
  for (const command::KeyReference& key : *keys) {
    if (with_flags) c.reply().array(2);
    c.reply().bulk(args[key.argument]);
    if (with_flags) reply_flags(c.reply(), key.flags);
  }
}

static void getkeys(Context& c) { reply_keys(c, false); }
static void getkeysandflags(Context& c) { reply_keys(c, true); }

static void help(Context& c) {
  static constexpr std::string_view kLines[] = {
      "(no subcommand)",
      "    Return details about all Redis commands.",
      "COUNT",
      "    Return the total number of commands in this Redis server.",
      "LIST",
      "    Return a list of all commands in this Redis server.",
      "INFO [<command-name> ...]",
      "    Return details about multiple Redis commands.",
      "    If no command names are given, documentation details for all",
      "    commands are returned.",
      "DOCS [<command-name> ...]",
      "    Return documentation details about multiple Redis commands.",
      "    If no command names are given, documentation details for all",
      "    commands are returned.",
      "GETKEYS <full-command>",
      "    Return the keys from a full Redis command.",
      "GETKEYSANDFLAGS <full-command>",
      "    Return the keys and the access flags from a full Redis command.",
  };
  reply_help(c, kLines);
}

std::span<const command::CommandRow> command_commands() {
  using namespace command;
  constexpr Flags kPlain = kLoading | kStale;
  static constexpr std::string_view kTips[] = {"nondeterministic_output_order"};
  static constexpr CommandRow kRows[] = {
      {"command|list", -2, kPlain, {}, kAclConnection, list, kTips},
      {"command|docs", -2, kPlain, {}, kAclConnection, docs, kTips},
      {"command|getkeys", -3, kPlain, {}, kAclConnection, getkeys},
      {"command|getkeysandflags", -3, kPlain, {}, kAclConnection, getkeysandflags},
      {"command|help", 2, kPlain, {}, kAclConnection, help},
  };
  return kRows;
}

}  // namespace full_server
