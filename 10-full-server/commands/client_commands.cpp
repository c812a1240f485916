// SPDX-License-Identifier: MIT
// CLIENT INFO, LIST, KILL, REPLY, NO-EVICT, NO-TOUCH, HELP: what a connection may know of itself and of
// others, and do to them.
#include <fmt/format.h>

#include <limits>

#include "08-replication/replication.h"
#include "10-full-server/commands/client_commands.h"
#include "10-full-server/commands/commands.h"
#include "10-full-server/commands/help_reply.h"
#include "shared/command/context.h"
#include "shared/server/client_registry.h"
#include "shared/util/text.h"

namespace full_server {

using command::Context;
using server::ClientRegistry;
using server::Connection;
namespace errors = util::errors;

void client_syntax_error(Context& c) {
  c.reply().error(
      fmt::format("ERR unknown subcommand or wrong number of arguments for '{}'. Try {} HELP.",
                  c.arg(1).substr(0, 128), util::upper(c.arg(0))));
}

static std::string line_of(Context& c, Connection& connection) {
  size_t argument_bytes = 0;
  if (connection.client().id == c.client().id) {
    for (const std::string_view argument : c.args()) argument_bytes += argument.size();
  }
  return ClientRegistry::describe(connection, c.now(), argument_bytes).append("\n");
}

static void info(Context& c) {
  Connection* own = c.get<ClientRegistry>().find(c.client().id);
  c.reply().verbatim("txt",
                     own == nullptr ? std::string() : line_of(c, *own));  // none: not on a socket
}

// Which connections CLIENT KILL closes: those that every given filter fits.
struct KillFilter {
  std::optional<std::string_view> address;
  std::optional<std::string_view> local_address;
  std::optional<uint64_t> id;
  std::optional<command::Client::Kind> kind;
  bool skip_me = true;

  bool fits(Connection& connection, const command::Client& me) const {
    if (address && connection.session().peer_address() != *address) return false;
    if (local_address && connection.session().local_address() != *local_address) return false;
    if (id && connection.client().id != *id) return false;
    if (kind && connection.client().kind != *kind) return false;
    return !(skip_me && connection.client().id == me.id);
  }
};

static std::optional<command::Client::Kind> read_type(Context& c, std::string_view type) {
  const auto is = [&](std::string_view name) { return util::equal_ignoring_case(type, name); };
  using Kind = command::Client::Kind;
  if (is("normal")) return Kind::Normal;
  if (is("pubsub")) return Kind::PubSub;
  if (is("master")) return Kind::Master;
  if (is("replica") || is("slave")) return Kind::Replica;
  c.reply().error(fmt::format("ERR Unknown client type '{}'", type));
  return {};
}

// CLIENT LIST [TYPE normal|master|replica|pubsub] [ID id …]
static void list(Context& c) {
  auto& registry = c.get<ClientRegistry>();
  std::string text;
  command::ArgReader reader = c.reader(2);
  if (!reader.more()) {
    registry.for_each([&](Connection& connection) { text += line_of(c, connection); });
  } else if (c.argc() == 4 && reader.take("type")) {
    const auto wanted = read_type(c, reader.next());
    if (!wanted) return;
    registry.for_each([&](Connection& connection) {
      if (connection.client().kind == *wanted) text += line_of(c, connection);
    });
  } else if (reader.take("id") && reader.more()) {
    while (reader.more()) {
      const int64_t wanted = reader.integer({"ERR Invalid client ID"});
      if (!reader.ok()) return c.fail(reader.error());
      Connection* connection = registry.find(static_cast<uint64_t>(wanted));
      if (connection != nullptr) text += line_of(c, *connection);
    }
  } else {
    return c.fail(errors::kSyntax);
  }
  c.reply().verbatim("txt", text);
}

// False: the error has been answered.
static bool read_filter(Context& c, KillFilter& filter) {
  command::ArgReader reader = c.reader(2);
  while (reader.more()) {
    if (reader.take_with("id", 1)) {
      constexpr util::Error kBadId{"ERR client-id should be greater than 0"};
      filter.id = reader.integer_between(1, std::numeric_limits<int64_t>::max(), kBadId);
    } else if (reader.take_with("type", 1)) {
      filter.kind = read_type(c, reader.next());
      if (!filter.kind) return false;
    } else if (reader.take_with("addr", 1)) {
      filter.address = reader.next();
    } else if (reader.take_with("laddr", 1)) {
      filter.local_address = reader.next();
    } else if (reader.take_with("user", 1)) {
      const std::string_view user = reader.next();
      if (user != "default") {
        c.reply().error(fmt::format("ERR No such user '{}'", user));
        return false;
      }
    } else if (reader.take_with("skipme", 1)) {
      const std::string_view choice = reader.next();
      filter.skip_me = util::equal_ignoring_case(choice, "yes");
      if (!filter.skip_me && !util::equal_ignoring_case(choice, "no")) reader.fail(errors::kSyntax);
    } else {
      reader.fail(errors::kSyntax);
    }
  }
  if (!reader.ok()) c.fail(reader.error());
  return reader.ok();
}

// A replica's link to its master is a connection, too, though not one that the registry knows.
static bool kill_master_link(Context& c, const KillFilter& filter) {
  if (filter.id || filter.local_address) return false;
  if (filter.kind && *filter.kind != command::Client::Kind::Master) return false;
  auto& replication = c.get<replication::Replication>();
  const replication::State& state = replication.state();
  if (filter.address &&
      *filter.address != fmt::format("{}:{}", state.master_host, state.master_port))
    return false;
  return (filter.address || filter.kind) && replication.replica().break_link();
}

static int64_t kill_all(Context& c, const KillFilter& filter) {
  int64_t killed = kill_master_link(c, filter) ? 1 : 0;
  c.get<ClientRegistry>().for_each([&](Connection& connection) {
    if (!filter.fits(connection, c.client())) return;
    ++killed;
    // Its own connection still gets the answer.
    if (connection.client().id == c.client().id) {
      c.client().close_after_reply = true;
    } else {
      connection.close();
    }
  });
  return killed;
}

// CLIENT KILL ip:port, or CLIENT KILL filter value …
static void kill(Context& c) {
  KillFilter filter;
  if (c.argc() == 3) {
    filter.address = c.arg(2);
    filter.skip_me = false;
    if (kill_all(c, filter) == 0) return c.reply().error("ERR No such client");
    return c.reply().ok();
  }
  if (read_filter(c, filter)) c.reply().integer(kill_all(c, filter));
}

// ON or OFF; nothing, and answered: neither.
static std::optional<bool> read_switch(Context& c) {
  const bool on = util::equal_ignoring_case(c.arg(2), "on");
  if (on || util::equal_ignoring_case(c.arg(2), "off")) return on;
  c.fail(errors::kSyntax);
  return {};
}

// While replies are off, what a command writes goes into a buffer that is thrown away; ON is
// answered nonetheless.
static void reply(Context& c) {
  using Mode = command::Client::ReplyMode;
  command::Client& client = c.client();
  if (util::equal_ignoring_case(c.arg(2), "skip")) {
    // SkipNext becomes SkipThis behind a skipped command, and this one may be skipped itself.
    if (client.reply_mode != Mode::Off)
      client.reply_mode = client.reply_mode == Mode::On ? Mode::SkipThis : Mode::SkipNext;
    return;
  }
  const auto on = read_switch(c);
  if (!on) return;
  client.reply_mode = *on ? Mode::On : Mode::Off;
  if (!*on) return;
  c.reply().redirect(client.output);
  c.reply().ok();
}

static void no_evict(Context& c) {
  const auto on = read_switch(c);
  if (!on) return;
  c.client().no_evict = *on;
  c.reply().ok();
}

static void no_touch(Context& c) {
  const auto on = read_switch(c);
  if (!on) return;
  c.client().no_touch = *on;
  c.reply().ok();
}

static constexpr std::string_view kHelp[] = {
    "CACHING (YES|NO)",
    "    Enable/disable tracking of the keys for next command in OPTIN/OPTOUT modes.",
    "GETREDIR",
    "    Return the client ID we are redirecting to when tracking is enabled.",
    "GETNAME",
    "    Return the name of the current connection.",
    "ID",
    "    Return the ID of the current connection.",
    "INFO",
    "    Return information about the current client connection.",
    "KILL <ip:port>",
    "    Kill connection made from <ip:port>.",
    "KILL <option> <value> [<option> <value> [...]]",
    "    Kill connections. Options are:",
    "    * ADDR (<ip:port>|<unixsocket>:0)",
    "      Kill connections made from the specified address",
    "    * LADDR (<ip:port>|<unixsocket>:0)",
    "      Kill connections made to specified local address",
    "    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)",
    "      Kill connections by type.",
    "    * USER <username>",
    "      Kill connections authenticated by <username>.",
    "    * SKIPME (YES|NO)",
    "      Skip killing current connection (default: yes).",
    "LIST [options ...]",
    "    Return information about client connections. Options:",
    "    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)",
    "      Return clients of specified type.",
    "UNPAUSE",
    "    Stop the current client pause, resuming traffic.",
    "PAUSE <timeout> [WRITE|ALL]",
    "    Suspend all, or just write, clients for <timeout> milliseconds.",
    "REPLY (ON|OFF|SKIP)",
    "    Control the replies sent to the current connection.",
    "SETNAME <name>",
    "    Assign the name <name> to the current connection.",
    "SETINFO <option> <value>",
    "    Set client meta attr. Options are:",
    "    * LIB-NAME: the client lib name.",
    "    * LIB-VER: the client lib version.",
    "UNBLOCK <clientid> [TIMEOUT|ERROR]",
    "    Unblock the specified blocked client.",
    "TRACKING (ON|OFF) [REDIRECT <id>] [BCAST] [PREFIX <prefix> [...]]",
    "         [OPTIN] [OPTOUT] [NOLOOP]",
    "    Control server assisted client side caching.",
    "TRACKINGINFO",
    "    Report tracking status for the current connection.",
    "NO-EVICT (ON|OFF)",
    "    Protect current client connection from eviction.",
    "NO-TOUCH (ON|OFF)",
    "    Will not touch LRU/LFU stats when this mode is on.",
};

static void help(Context& c) { reply_help(c, kHelp); }

std::span<const command::CommandRow> client_commands() {
  using namespace command;
  constexpr Flags kPlain = kNoScript | kLoading | kStale;
  static constexpr std::string_view kTips[] = {"nondeterministic_output"};
  static constexpr CommandRow kRows[] = {
      {"client|info", 2, kPlain, {}, kAclConnection, info, kTips},
      {"client|list", -2, kPlain | kAdmin, {}, kAclConnection | kAclDangerous, list, kTips},
      {"client|kill", -3, kPlain | kAdmin, {}, kAclConnection, kill},
      {"client|reply", 3, kPlain, {}, kAclConnection, reply},
      {"client|no-evict", 3, kPlain | kAdmin, {}, kAclConnection, no_evict},
      {"client|no-touch", 3, kPlain, {}, kAclConnection, no_touch},
      {"client|help", 2, kLoading | kStale, {}, kAclConnection, help},
  };
  return kRows;
}

}  // namespace full_server
