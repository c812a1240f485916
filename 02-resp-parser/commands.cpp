// SPDX-License-Identifier: MIT
#include "02-resp-parser/commands.h"

#include "shared/resp/request_errors.h"
#include "shared/util/text.h"
#include "shared/util/todo.h"

namespace resp_parser {

static bool is(std::string_view name, std::string_view command) { return util::equal_ignoring_case(name, command); }

bool execute(resp::Args args, resp::ReplyWriter& reply) {
  if (args.empty()) return true;
  if (is(args[0], "ping")) {
    if (args.size() > 2) {
      reply.error(resp::wrong_arity("ping"));
    } else if (args.size() == 2) {
      reply.bulk(args[1]);
    } else {
      reply.simple("PONG");
    }
  } else if (is(args[0], "echo")) {
    if (args.size() == 2) {
      reply.bulk(args[1]);
    } else {
      reply.error(resp::wrong_arity("echo"));
    }
  } else if (is(args[0], "quit")) {
    reply.ok();
    return false;
  } else {
    reply.error(resp::unknown_command(args));
  }
  return true;
}

}  // namespace resp_parser
