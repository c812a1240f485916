// SPDX-License-Identifier: MIT
// HELLO, with which a connection chooses its protocol; PING, which a subscriber hears as a message.
#include <fmt/format.h>

#include <optional>

#include "03-get-set/shared_handlers.h"
#include "07-pubsub/commands.h"
#include "07-pubsub/pubsub.h"
#include "07-pubsub/shared_handlers.h"
#include "shared/command/context.h"
#include "shared/resp/request_errors.h"
#include "shared/server/server.h"
#include "shared/util/numbers.h"

namespace pubsub {

using command::Context;
namespace errors = util::errors;

// Looks at every byte, right or wrong: the time it takes tells nothing about the password.
static bool same_secret(std::string_view secret, std::string_view given) {
  unsigned char difference = secret.size() == given.size() ? 0 : 1;
  for (size_t i = 0; i < given.size(); ++i) {
    difference |= static_cast<unsigned char>(given[i] ^ secret[i % secret.size()]);
  }
  return difference == 0;
}

bool Credentials::fit(std::string_view user, std::string_view given) const {
  return user == "default" && (password.empty() || same_secret(password, given));
}

bool authenticate(Context& c, std::string_view user, std::string_view password) {
  if (!c.get<Credentials>().fit(user, password)) {
    c.reply().error("WRONGPASS invalid username-password pair or user is disabled.");
    return false;
  }
  c.client().authenticated = true;
  return true;
}

struct HelloOptions {
  int protocol = 0;  // 0: as it is
  std::optional<std::string_view> user;
  std::string_view password;
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
      c.redact(reader.position());
      c.redact(reader.position() + 1);
      options.user = reader.next();
      options.password = reader.next();
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

// From here on the client is written to in this protocol, this reply included.
static void switch_protocol(command::Client& client, int protocol) {
  // [07.5c begin] RESP3 knows replies from messages: a subscriber may run anything again
  //stub: (void)client, (void)protocol;
  client.reply.set_protocol(protocol);
  PubSub::settle(client);
  // [07.5c end]
}

static void introduce(Context& c) {
  resp::ReplyWriter& reply = c.reply();
  const Greeting& greeting = c.get<Greeting>();
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
  reply.bulk(greeting.mode);
  reply.bulk("role");
  reply.bulk(greeting.role);
  reply.bulk("modules");
  reply.array(0);
}

static void hello(Context& c) {
  const auto options = read_hello(c);
  if (!options) return;
  if (options->user && !authenticate(c, *options->user, options->password)) return;
  if (!c.client().authenticated) {
    return c.reply().error(
        "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO "
        "<proto> AUTH <user> <pass> option can be used to authenticate the client and select the "
        "RESP protocol version at the same time");
  }
  if (options->name) get_set::set_client_name(c.client(), *options->name);
  if (options->protocol != 0) switch_protocol(c.client(), options->protocol);
  introduce(c);
}

// A RESP2 subscriber expects nothing but messages, and gets one.
static void ping(Context& c) {
  if (c.argc() > 2) return c.reply().error(resp::wrong_arity("ping"));
  const std::optional<std::string_view> text =
      c.argc() == 2 ? std::optional(c.arg(1)) : std::nullopt;
  // [07.5d begin] to a RESP2 subscriber the answer looks like a message
  //stub: // Like everybody else, so far.
  if (in_subscriber_mode(c.client())) {
    c.reply().array(2);
    c.reply().bulk("pong");
    return c.reply().bulk(text.value_or(""));
  }
  // [07.5d end]
  text ? c.reply().bulk(*text) : c.reply().simple("PONG");
}

std::span<const command::CommandRow> connection_commands() {
  using namespace command;
  static constexpr std::string_view kPingTips[] = {"request_policy:all_shards",
                                                   "response_policy:all_succeeded"};
  static constexpr CommandRow kRows[] = {
      {"hello",
       -1,
       kNoScript | kLoading | kStale | kFast | kNoAuth | kAllowBusy,
       {},
       kAclConnection,
       hello},
      {"ping", -1, kFast, {}, kAclConnection, ping, kPingTips},
  };
  return kRows;
}

}  // namespace pubsub
