// SPDX-License-Identifier: MIT
// CLIENT INFO, KILL, REPLY, NO-EVICT, NO-TOUCH, HELP: what a connection may do to itself and to
// others.
#include <fmt/format.h>

#include <limits>

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

static void info(Context& c) {
  Connection* own = c.get<ClientRegistry>().find(c.client().id);
  if (own == nullptr) return c.reply().verbatim("txt", "");  // not on a socket
  c.reply().verbatim("txt", ClientRegistry::describe(*own, c.now()).append("\n"));
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

static bool read_type(Context& c, std::string_view type, KillFilter& filter) {
  const auto is = [&](std::string_view name) { return util::equal_ignoring_case(type, name); };
  using Kind = command::Client::Kind;
  if (is("normal")) filter.kind = Kind::Normal;
  if (is("pubsub")) filter.kind = Kind::PubSub;
  if (is("master")) filter.kind = Kind::Master;
  if (is("replica") || is("slave")) filter.kind = Kind::Replica;
  if (filter.kind) return true;
  c.reply().error(fmt::format("ERR Unknown client type '{}'", type));
  return false;
}

// False: the error has been answered.
static bool read_filter(Context& c, KillFilter& filter) {
  command::ArgReader reader = c.reader(2);
  while (reader.more()) {
    if (reader.take_with("id", 1)) {
      constexpr util::Error kBadId{"ERR client-id should be greater than 0"};
      filter.id = reader.integer_between(1, std::numeric_limits<int64_t>::max(), kBadId);
    } else if (reader.take_with("type", 1)) {
      if (!read_type(c, reader.next(), filter)) return false;
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

static int64_t kill_all(Context& c, const KillFilter& filter) {
  int64_t killed = 0;
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
    "REPLY (ON|OFF|SKIP)",
    "    Control the replies sent to the current connection.",
    "SETNAME <name>",
    "    Assign the name <name> to the current connection.",
    "SETINFO <option> <value>",
    "    Set client meta attr. Options are:",
    "    * LIB-NAME: the client lib name.",
    "    * LIB-VER: the client lib version.",
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
      {"client|kill", -3, kPlain | kAdmin, {}, kAclConnection, kill},
      {"client|reply", 3, kPlain, {}, kAclConnection, reply},
      {"client|no-evict", 3, kPlain | kAdmin, {}, kAclConnection, no_evict},
      {"client|no-touch", 3, kPlain, {}, kAclConnection, no_touch},
      {"client|help", 2, kLoading | kStale, {}, kAclConnection, help},
  };
  return kRows;
}

}  // namespace full_server
