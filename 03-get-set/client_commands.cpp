// SPDX-License-Identifier: MIT
// CLIENT ID, GETNAME, SETNAME, SETINFO, LIST: who is connected.
#include <fmt/format.h>

#include <algorithm>

#include "03-get-set/commands.h"
#include "03-get-set/shared_handlers.h"
#include "shared/command/context.h"
#include "shared/server/client_registry.h"
#include "shared/util/text.h"

namespace get_set {

using command::Context;
namespace errors = util::errors;

static void id(Context& c) { c.reply().integer(static_cast<int64_t>(c.client().id)); }

static void getname(Context& c) {
  const std::string& name = c.client().details().name;
  if (name.empty()) return c.reply().null();
  c.reply().bulk(name);
}

// Names appear in CLIENT LIST, whose fields are separated by spaces.
static bool printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char ch) { return ch >= '!' && ch <= '~'; });
}

bool check_client_name(Context& c, std::string_view name) {
  if (printable(name)) return true;
  c.reply().error("ERR Client names cannot contain spaces, newlines or special characters.");
  return false;
}

void set_client_name(command::Client& client, std::string_view name) {
  if (!name.empty() || !client.details().name.empty()) client.edit_details().name = name;
}

static void setname(Context& c) {
  if (!check_client_name(c, c.arg(2))) return;
  set_client_name(c.client(), c.arg(2));
  c.reply().ok();
}

static void setinfo(Context& c) {
  const bool library = util::equal_ignoring_case(c.arg(2), "lib-name");
  if (!library && !util::equal_ignoring_case(c.arg(2), "lib-ver")) {
    return c.reply().error(fmt::format("ERR Unrecognized option '{}'", c.arg(2)));
  }
  if (!printable(c.arg(3))) {
    return c.reply().error(
        fmt::format("ERR {} cannot contain spaces, newlines or special characters.", c.arg(2)));
  }
  command::Client::Details& details = c.client().edit_details();
  (library ? details.library_name : details.library_version) = c.arg(3);
  c.reply().ok();
}

// CLIENT LIST [TYPE normal|master|replica|pubsub] [ID id …]
static void list(Context& c) {
  auto& registry = c.get<server::ClientRegistry>();
  std::string text;
  const auto add = [&](server::Connection& connection) {
    text += server::ClientRegistry::describe(connection, c.now());
    text += '\n';
  };
  command::ArgReader reader = c.reader(2);
  if (!reader.more()) {
    registry.for_each(add);
  } else if (c.argc() == 4 && reader.take("type")) {
    const std::string_view type = reader.next();
    const auto is = [&](std::string_view name) { return util::equal_ignoring_case(type, name); };
    if (!is("normal") && !is("master") && !is("replica") && !is("slave") && !is("pubsub")) {
      return c.reply().error(fmt::format("ERR Unknown client type '{}'", type));
    }
    using Kind = command::Client::Kind;
    const Kind wanted = is("pubsub")   ? Kind::PubSub
                        : is("normal") ? Kind::Normal
                        : is("master") ? Kind::Master
                                       : Kind::Replica;
    registry.for_each([&](server::Connection& connection) {
      if (connection.client().kind == wanted) add(connection);
    });
  } else if (reader.take("id") && reader.more()) {
    while (reader.more()) {
      const int64_t wanted = reader.integer(util::Error{"ERR Invalid client ID"});
      if (!reader.ok()) return c.fail(reader.error());
      if (server::Connection* connection = registry.find(static_cast<uint64_t>(wanted))) add(*connection);
    }
  } else {
    return c.fail(errors::kSyntax);
  }
  c.reply().verbatim("txt", text);
}

std::span<const command::CommandRow> client_commands() {
  using namespace command;
  constexpr Flags kPlain = kNoScript | kLoading | kStale;
  static constexpr std::string_view kListTips[] = {"nondeterministic_output"};
  static constexpr std::string_view kInfoTips[] = {"request_policy:all_nodes", "response_policy:all_succeeded"};
  static constexpr CommandRow kRows[] = {
      {"client", -2},
      {"client|id", 2, kPlain, {}, kAclConnection, id},
      {"client|getname", 2, kPlain, {}, kAclConnection, getname},
      {"client|setname", 3, kPlain, {}, kAclConnection, setname, kInfoTips},
      {"client|setinfo", 4, kPlain, {}, kAclConnection, setinfo, kInfoTips},
      {"client|list", -2, kPlain | kAdmin, {}, kAclConnection | kAclDangerous, list, kListTips},
  };
  return kRows;
}

}  // namespace get_set
