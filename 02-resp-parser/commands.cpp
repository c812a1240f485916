// SPDX-License-Identifier: MIT
#include "02-resp-parser/commands.h"

#include "shared/resp/request_errors.h"
#include "shared/util/text.h"

namespace resp_parser {

static bool is(std::string_view name, std::string_view command) {
  return util::equal_ignoring_case(name, command);
}

static void ping(resp::Args args, resp::ReplyWriter& reply) {
  if (args.size() > 2) return reply.error(resp::wrong_arity("ping"));
  if (args.size() == 2) return reply.bulk(args[1]);
  reply.simple("PONG");
}

static void echo(resp::Args args, resp::ReplyWriter& reply) {
  if (args.size() != 2) return reply.error(resp::wrong_arity("echo"));
  reply.bulk(args[1]);
}

// DEBUG PARSER: of this connection only, this request included. Redis has no such subcommand.
static void debug(resp::Args args, const Counters& counters, resp::ReplyWriter& reply) {
  if (args.size() != 2 || !is(args[1], "parser")) {
    return reply.error(resp::unknown_subcommand("debug", args.size() > 1 ? args[1] : ""));
  }
  const auto line = [&reply](std::string_view name, uint64_t value) {
    reply.simple(name);
    reply.integer(static_cast<int64_t>(value));
  };
  reply.map(5);
  line("received", counters.received);
  line("examined", counters.examined);
  line("reads", counters.reads);
  line("writes", counters.writes);
  line("buffer", counters.buffer);
}

bool execute(resp::Args args, const Counters& counters, resp::ReplyWriter& reply) {
  if (args.empty()) return true;
  if (is(args[0], "quit")) {
    reply.ok();
    return false;
  }
  if (is(args[0], "ping")) {
    ping(args, reply);
  } else if (is(args[0], "echo")) {
    echo(args, reply);
  } else if (is(args[0], "debug")) {
    debug(args, counters, reply);
  } else {
    reply.error(resp::unknown_command(args));
  }
  return true;
}

}  // namespace resp_parser
