// SPDX-License-Identifier: MIT
// HELLO, AUTH, RESET: how a connection begins, and how it begins anew. There is one user,
// "default", without a password.
#include <fmt/format.h>

#include "03-get-set/shared_handlers.h"
#include "10-full-server/commands/commands.h"
#include "shared/command/context.h"
#include "shared/server/server.h"
#include "shared/util/numbers.h"
#include "shared/util/text.h"

namespace full_server {

using command::Context;
namespace errors = util::errors;

// A user without a password is let in with any.
static bool authenticate(Context& c, std::string_view user) {
  if (user != "default") {
    c.reply().error("WRONGPASS invalid username-password pair or user is disabled.");
    return false;
  }
  c.client().authenticated = true;
  return true;
}

static void auth(Context& c) {
  if (c.argc() > 3) return c.fail(errors::kSyntax);
  if (c.argc() == 2) {
    return c.reply().error(
        "ERR AUTH <password> called without any password configured for the default user. Are you "
        "sure your configuration is correct?");
  }
  if (authenticate(c, c.arg(1))) c.reply().ok();
}

struct HelloOptions {
  int protocol = 0;  // 0: as it is
  std::optional<std::string_view> user;
  std::optional<std::string_view> name;
};

// Nothing: the error has been answered.
static std::optional<HelloOptions> read_hello(Context& c) {
  HelloOptions options;
  if (c.argc() > 1) {
    const auto version = util::parse_int64(c.arg(1));
    if (!version) {
      c.reply().error("ERR Protocol version is not an integer or out of range");
      return {};
    }
    if (*version < 2 || *version > 3) {
      c.fail(errors::kNoProto);
      return {};
    }
    options.protocol = static_cast<int>(*version);
  }
  command::ArgReader reader = c.reader(2);
  while (c.argc() > 2 && reader.more()) {
    if (reader.take_with("AUTH", 2)) {
      options.user = reader.next();
      reader.next();  // the password
    } else if (reader.take_with("SETNAME", 1)) {
      options.name = reader.next();
      if (!get_set::check_client_name(c, *options.name)) return {};
    } else {
      c.reply().error(fmt::format("ERR Syntax error in HELLO option '{}'", reader.next()));
      return {};
    }
  }
  return options;
}

static void hello(Context& c) {
  const auto options = read_hello(c);
  if (!options) return;
  if (options->user && !authenticate(c, *options->user)) return;
  if (options->name) get_set::set_client_name(c.client(), *options->name);
  resp::ReplyWriter& reply = c.reply();
  if (options->protocol != 0) reply.set_protocol(options->protocol);
  reply.map(7);
  reply.bulk("server");
  reply.bulk("redis");
  reply.bulk("version");
  reply.bulk(server::kRedisVersion);
  reply.bulk("proto");
  reply.integer(reply.protocol());
  reply.bulk("id");
  reply.integer(static_cast<int64_t>(c.client().id));
  reply.bulk("mode");
  reply.bulk("standalone");
  reply.bulk("role");
  reply.bulk("master");
  reply.bulk("modules");
  reply.array(0);
}

// As after connecting; only the library's name stays.
static void reset(Context& c) {
  command::Client& client = c.client();
  client.db = 0;
  client.no_evict = client.no_touch = false;
  client.reply_mode = command::Client::ReplyMode::On;
  get_set::set_client_name(client, "");
  c.reply().redirect(client.output);  // replies may have been off
  c.reply().set_protocol(2);
  c.reply().simple("RESET");
}

std::span<const command::CommandRow> connection_commands() {
  using namespace command;
  constexpr Flags kPlain = kNoScript | kLoading | kStale | kFast | kNoAuth | kAllowBusy;
  static constexpr CommandRow kRows[] = {
      {"hello", -1, kPlain, {}, kAclConnection, hello},
      {"auth", -2, kPlain, {}, kAclConnection, auth},
      {"reset", 1, kPlain, {}, kAclConnection, reset},
  };
  return kRows;
}

}  // namespace full_server
