// SPDX-License-Identifier: MIT
//
// The commands, without sockets: who hears what, in which order and encoding.
#include "07-pubsub/pubsub.h"

#include "03-get-set/commands.h"
#include "07-pubsub/commands.h"
#include "shared/server/server.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/in_process_server.h"

namespace pubsub {

using testing::InProcessServer;

static void compose_all(server::Server& server) {
  get_set::compose(server);
  compose(server);
}

TEST_CASE("pubsub: the count tells channels and patterns together") {
  InProcessServer server(compose_all);
  CHECK(server.run({"SUBSCRIBE", "a", "b", "a"}) ==
        "*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n*3\r\n$9\r\nsubscribe\r\n$1\r\nb\r\n:2\r\n"
        "*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:2\r\n");
  CHECK(server.run({"PSUBSCRIBE", "c*"}) == "*3\r\n$10\r\npsubscribe\r\n$2\r\nc*\r\n:3\r\n");
  CHECK(server.run({"UNSUBSCRIBE", "zz"}) == "*3\r\n$11\r\nunsubscribe\r\n$2\r\nzz\r\n:3\r\n");
  CHECK(
      server.run({"UNSUBSCRIBE"}) ==
      "*3\r\n$11\r\nunsubscribe\r\n$1\r\na\r\n:2\r\n*3\r\n$11\r\nunsubscribe\r\n$1\r\nb\r\n:1\r\n");
  CHECK(server.run({"UNSUBSCRIBE"}) == "*3\r\n$11\r\nunsubscribe\r\n$-1\r\n:1\r\n");
  CHECK(server.run({"PUNSUBSCRIBE"}) == "*3\r\n$12\r\npunsubscribe\r\n$2\r\nc*\r\n:0\r\n");
  CHECK(server.run({"PUNSUBSCRIBE"}) == "*3\r\n$12\r\npunsubscribe\r\n$-1\r\n:0\r\n");
  CHECK(server.client().parts.find<Subscriptions>() == nullptr);
}

TEST_CASE("pubsub: a channel and a matching pattern are two messages, in this order") {
  InProcessServer server(compose_all);
  command::Client& listener = server.add_client();
  server.run(listener, {"PSUBSCRIBE", "n?ws"});
  server.run(listener, {"SUBSCRIBE", "news"});
  CHECK(server.run({"PUBLISH", "news", "hello"}) == ":2\r\n");
  CHECK(server.output(listener) ==
        "*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$5\r\nhello\r\n"
        "*4\r\n$8\r\npmessage\r\n$4\r\nn?ws\r\n$4\r\nnews\r\n$5\r\nhello\r\n");
  CHECK(server.run({"PUBLISH", "nws", "hello"}) == ":0\r\n");
}

TEST_CASE("pubsub: RESP3 hears a push, and its own message behind the reply") {
  InProcessServer server(compose_all);
  command::Client& listener = server.add_client();
  listener.reply.set_protocol(3);
  CHECK(server.run(listener, {"SUBSCRIBE", "a"}) == ">3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n");
  CHECK(server.run(listener, {"PUBLISH", "a", "x"}) ==
        ":1\r\n>3\r\n$7\r\nmessage\r\n$1\r\na\r\n$1\r\nx\r\n");
  CHECK(server.run(listener, {"PING"}) == "+PONG\r\n");
  CHECK(server.run(listener, {"UNSUBSCRIBE", "b"}) ==
        ">3\r\n$11\r\nunsubscribe\r\n$1\r\nb\r\n:1\r\n");
  CHECK(server.run(listener, {"PUNSUBSCRIBE"}) == ">3\r\n$12\r\npunsubscribe\r\n_\r\n:1\r\n");
}

TEST_CASE("pubsub: order per channel, however many wait") {
  InProcessServer server(compose_all);
  command::Client& listener = server.add_client();
  server.run(listener, {"SUBSCRIBE", "a"});
  std::string expected;
  for (int i = 0; i < 3000; ++i) {
    const std::string text(static_cast<size_t>(i % 7 == 0 ? 20'000 : i % 90),
                           static_cast<char>('a' + i % 26));
    CHECK(server.run({"PUBLISH", "a", text}) == ":1\r\n");
    expected += "*3\r\n$7\r\nmessage\r\n$1\r\na\r\n$" + std::to_string(text.size()) + "\r\n" +
                text + "\r\n";
  }
  CHECK((server.output(listener) == expected));
}

TEST_CASE("pubsub: subscribers of one message share one text") {
  InProcessServer server(compose_all);
  constexpr size_t kListeners = 500;
  std::vector<command::Client*> listeners;
  for (size_t i = 0; i < kListeners; ++i) {
    listeners.push_back(&server.add_client());
    server.run(*listeners.back(), {"SUBSCRIBE", "a"});
  }
  CHECK(server.run({"PUBLISH", "a", std::string(50, 'x')}) == ":500\r\n");
  CHECK(server.run({"PUBLISH", "a", std::string(100'000, 'x')}) == ":500\r\n");
  std::string_view first[2], other[2];
  REQUIRE(listeners.front()->output.pieces(first) == 2);
  REQUIRE(listeners.back()->output.pieces(other) == 2);
  CHECK(first[0].data() == other[0].data());
  CHECK(first[1].data() == other[1].data());
  CHECK(listeners.back()->output.memory_size() < 100);
}

TEST_CASE("pubsub: whoever is gone hears nothing more, and nobody trips over it") {
  InProcessServer server(compose_all);
  command::Client& stays = server.add_client();
  command::Client& goes = server.add_client();
  for (command::Client* each : {&goes, &stays}) {
    server.run(*each, {"SUBSCRIBE", "a", "b"});
    server.run(*each, {"PSUBSCRIBE", "*"});
  }
  goes.parts.clear();  // what closing a connection does
  CHECK(server.run({"PUBLISH", "a", "x"}) == ":2\r\n");
  CHECK(server.run({"PUBSUB", "NUMSUB", "a", "c"}) == "*4\r\n$1\r\na\r\n:1\r\n$1\r\nc\r\n:0\r\n");
  CHECK(server.output(goes).empty());
  stays.parts.clear();
  CHECK(server.run({"PUBSUB", "CHANNELS"}) == "*0\r\n");
  CHECK(server.run({"PUBSUB", "NUMPAT"}) == ":0\r\n");
}

TEST_CASE("pubsub: a RESP2 subscriber may run little, a RESP3 subscriber anything") {
  InProcessServer server(compose_all);
  server.run({"SUBSCRIBE", "a"});
  CHECK(
      server.run({"GET", "k"}) ==
      "-ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are "
      "allowed in this context\r\n");
  CHECK(server.run({"client", "ID"}).starts_with("-ERR Can't execute 'client|id': only"));
  CHECK(server.run({"PING"}) == "*2\r\n$4\r\npong\r\n$0\r\n\r\n");
  CHECK(server.run({"PING", "x"}) == "*2\r\n$4\r\npong\r\n$1\r\nx\r\n");
  server.run({"UNSUBSCRIBE"});
  CHECK(server.run({"GET", "k"}) == "$-1\r\n");
  CHECK(server.run({"PING"}) == "+PONG\r\n");
  CHECK(server.run({"HELLO", "3"}).starts_with("%7\r\n"));
  server.run({"SUBSCRIBE", "a"});
  CHECK(server.run({"GET", "k"}) == "_\r\n");
  CHECK(server.run({"HELLO", "2"}).starts_with("*14\r\n"));
  CHECK(server.run({"GET", "k"}).starts_with("-ERR Can't execute 'get'"));
}

TEST_CASE("pubsub: messages reach a client that has turned its replies off") {
  InProcessServer server(compose_all);
  resp::OutputBuffer discarded;
  server.client().reply.redirect(discarded);
  CHECK(server.run({"SUBSCRIBE", "a"}) == "*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n");
  CHECK(server.run({"PING"}).empty());
  command::Client& other = server.add_client();
  CHECK(server.run(other, {"PUBLISH", "a", "x"}) == ":1\r\n");
  CHECK(server.output(server.client()).ends_with("$1\r\nx\r\n"));
  server.client().reply.redirect(server.client().output);
}

TEST_CASE("pubsub: HELLO finds errors in Redis' order and changes nothing then") {
  InProcessServer server(compose_all);
  CHECK(server.run({"HELLO", "4"}) == "-NOPROTO unsupported protocol version\r\n");
  CHECK(server.run({"HELLO", "x"}) ==
        "-ERR Protocol version is not an integer or out of range\r\n");
  CHECK(server.run({"HELLO", "3", "NAME"}) == "-ERR Syntax error in HELLO option 'NAME'\r\n");
  CHECK(server.run({"HELLO", "3", "AUTH", "nobody", "x"}).starts_with("-WRONGPASS"));
  CHECK(server.client().reply.protocol() == 2);
  CHECK(server.run({"HELLO", "3", "AUTH", "default", "x", "SETNAME", "me"}).starts_with("%7"));
  CHECK(server.client().details().name == "me");
}

}  // namespace pubsub
