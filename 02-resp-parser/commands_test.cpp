// SPDX-License-Identifier: MIT
#include "02-resp-parser/commands.h"

#include <string>
#include <vector>

#include "shared/testing/catch.h"

namespace {

struct Answer {
  std::string bytes;
  bool stays;
};

Answer ask(const std::vector<std::string_view>& args, const resp_parser::Counters& counters = {}) {
  resp::OutputBuffer out;
  resp::ReplyWriter reply(out);
  const bool stays = resp_parser::execute(args, counters, reply);
  std::string bytes;
  while (!out.empty()) {
    std::string_view piece[1];
    out.pieces(piece);
    bytes += piece[0];
    out.consume(piece[0].size());
  }
  return {bytes, stays};
}

}  // namespace

TEST_CASE("three commands, in any case") {
  CHECK(ask({"PING"}).bytes == "+PONG\r\n");
  CHECK(ask({"pInG", "hello"}).bytes == "$5\r\nhello\r\n");
  CHECK(ask({"echo", ""}).bytes == "$0\r\n\r\n");
  CHECK(ask({"ECHO", std::string_view("a\0b", 3)}).bytes == std::string("$3\r\na\0b\r\n", 9));
  const Answer quit = ask({"quit"});
  CHECK(quit.bytes == "+OK\r\n");
  CHECK_FALSE(quit.stays);
}

TEST_CASE("an empty request has no answer") {
  const Answer nothing = ask({});
  CHECK(nothing.bytes.empty());
  CHECK(nothing.stays);
}

TEST_CASE("what can't be answered is said in Redis' words") {
  CHECK(ask({"ping", "a", "b"}).bytes == "-ERR wrong number of arguments for 'ping' command\r\n");
  CHECK(ask({"ECHO"}).bytes == "-ERR wrong number of arguments for 'echo' command\r\n");
  CHECK(ask({"GET", "name"}).bytes ==
        "-ERR unknown command 'GET', with args beginning with: 'name' \r\n");
  CHECK(ask({"debug", "sleep"}).bytes == "-ERR unknown subcommand 'sleep'. Try DEBUG HELP.\r\n");
}

TEST_CASE("DEBUG PARSER tells what the connection has cost") {
  CHECK(ask({"DEBUG", "parser"}, {28, 14, 2, 1, 16384}).bytes ==
        "*10\r\n+received\r\n:28\r\n+examined\r\n:14\r\n+reads\r\n:2\r\n+writes\r\n:1\r\n"
        "+buffer\r\n:16384\r\n");
}
