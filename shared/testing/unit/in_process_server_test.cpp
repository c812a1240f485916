// SPDX-License-Identifier: MIT
#include "shared/testing/unit/in_process_server.h"

#include "shared/testing/catch.h"

namespace testing {

static void say_time(command::Context& context) { context.reply().integer(context.now()); }
static void say_map(command::Context& context) { context.reply().map(0); }

constexpr command::CommandRow kRows[] = {{.name = "now", .arity = 1, .run = say_time},
                                         {.name = "nothing", .arity = 1, .run = say_map}};

TEST_CASE("a server without sockets answers in the protocol of each client") {
  InProcessServer server([](server::Server& s) { s.add_commands(kRows); });
  command::Client& other = server.add_client();
  other.reply.set_protocol(3);
  CHECK(server.run({"NOTHING"}) == "*0\r\n");
  CHECK(server.run(other, {"NOTHING"}) == "%0\r\n");
  CHECK(server.run({"nope"}) == "-ERR unknown command 'nope', with args beginning with: \r\n");
}

TEST_CASE("its time is the test's") {
  InProcessServer server([](server::Server& s) { s.add_commands(kRows); });
  CHECK(server.run({"now"}) == ":1700000000000\r\n");
  CHECK(server.run({"now"}) == ":1700000000000\r\n");
  server.advance_ms(1500);
  CHECK(server.run({"now"}) == ":1700000001500\r\n");
}

TEST_CASE("the turn's steps come before the replies are read") {
  int ends = 0;
  InProcessServer server([&](server::Server& s) {
    s.add_commands(kRows);
    s.turn.add_step([&] { ++ends; });
  });
  server.run({"now"});
  CHECK(ends == 1);
  server.client().reply.simple("push");
  CHECK(server.output(server.client()) == "+push\r\n");
  CHECK(server.output(server.client()).empty());
}

}  // namespace testing
