// SPDX-License-Identifier: MIT
//
// Connections over real loopback sockets: pipelines, requests in pieces, large values, slow
// readers, and the moment at which a reply leaves.
#include "shared/server/connection.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "shared/testing/catch.h"
#include "shared/testing/unit/in_process_server.h"
#include "shared/testing/unit/loopback.h"
#include "shared/util/todo.h"

namespace server {

using command::Context;
using testing::eventually;
using testing::LoopThread;
using testing::Peer;

namespace {

void echo(Context& c) { c.reply().bulk(c.arg(1)); }
void get(Context& c) {
  const auto value = c.string(c.arg(1));
  value.blob() ? c.reply().bulk(value.blob()) : c.reply().bulk(value.text());
}
void set(Context& c) {
  c.db().set_string(c.arg(1), c.arg(2));
  c.reply().ok();
}
void take(Context& c) { c.reply().integer(static_cast<int64_t>(c.take(1).size())); }
void quit(Context& c) {
  c.client().close_after_reply = true;
  c.reply().ok();
}
// As CLIENT REPLY does it.
void hush(Context& c) {
  using Mode = command::Client::ReplyMode;
  Mode& mode = c.client().reply_mode;
  if (c.arg(1) == "skip") {
    mode = mode == Mode::On ? Mode::SkipThis : Mode::SkipNext;
  } else {
    mode = c.arg(1) == "off" ? Mode::Off : Mode::On;
  }
}
void unwritten(Context&) { util::todo("03.9"); }
// Waits until somebody says GO.
command::WaitQueue& gate() {
  static command::WaitQueue queue;
  return queue;
}
void hold(Context& c) {
  if (c.resumed()) return c.reply().simple("WENT");
  c.block_on(gate(), 0);
}
void go(Context& c) {
  c.get<Server>().blocking.wake(gate());
  c.reply().ok();
}

constexpr command::CommandRow kRows[] = {{.name = "echo", .arity = 2, .run = echo},
                                         {.name = "get", .arity = 2, .run = get},
                                         {.name = "set", .arity = 3, .run = set},
                                         {.name = "take", .arity = 2, .run = take},
                                         {.name = "quit", .arity = 1, .run = quit},
                                         {.name = "hush", .arity = 2, .run = hush},
                                         {.name = "hold", .arity = 1, .run = hold},
                                         {.name = "go", .arity = 1, .run = go},
                                         {.name = "unwritten", .arity = 1, .run = unwritten}};

struct Fixture {
  explicit Fixture(const std::function<void(Server&)>& more = {}) {
    tested.emplace([&](Server& s) {
      s.add_commands(kRows);
      if (more) more(s);
    });
    auto opened = net::Listener::open(
        server().loop, {.address = "127.0.0.1"}, [this](std::unique_ptr<net::Session> session) {
          server().clients.add(server().frame, std::move(session)).start();
        });
    REQUIRE(opened);
    listener = std::move(opened.value());
    port = listener->port();
    thread.emplace(server().loop);
  }
  Server& server() { return tested->server(); }
  size_t clients() {
    return thread->call([&] { return server().clients.size(); });
  }
  uint64_t bytes_in() {
    return thread->call([&] { return server().frame.stats.bytes_in; });
  }
  // Of the only connection.
  template <class Read>
  auto of_connection(Read read) {
    return thread->call([&] {
      std::invoke_result_t<Read, Connection&> result{};
      server().clients.for_each([&](Connection& connection) { result = read(connection); });
      return result;
    });
  }

  std::optional<testing::InProcessServer> tested;
  std::unique_ptr<net::Listener> listener;
  uint16_t port = 0;
  std::optional<LoopThread> thread;
};

std::string request(const std::vector<std::string>& words) {
  std::string text = "*" + std::to_string(words.size()) + "\r\n";
  for (const std::string& word : words)
    text += "$" + std::to_string(word.size()) + "\r\n" + word + "\r\n";
  return text;
}
std::string bulk(const std::string& text) {
  return "$" + std::to_string(text.size()) + "\r\n" + text + "\r\n";
}

// Sends everything and expects exactly this answer.
void expect(Peer& peer, const std::string& sent, const std::string& expected) {
  REQUIRE(peer.send(sent));
  const std::string got = peer.receive(expected.size());
  if (got != expected) FAIL("got " << got.substr(0, 200) << " (" << got.size() << " bytes)");
}

}  // namespace

TEST_CASE("connection: a pipeline is answered in order") {
  Fixture f;
  Peer peer(f.port);
  std::string sent, expected;
  for (int i = 0; i < 20'000; ++i) {
    sent +=
        i % 3 == 0 ? "echo " + std::to_string(i) + "\r\n" : request({"ECHO", std::to_string(i)});
    expected += bulk(std::to_string(i));
  }
  expect(peer, sent, expected);
  CHECK(f.of_connection([](Connection& c) { return c.pending_input(); }) == 0);
  CHECK(f.of_connection([](Connection& c) { return c.client().output.memory_size(); }) == 0);
}

TEST_CASE("connection: requests that arrive byte by byte") {
  Fixture f;
  Peer peer(f.port);
  const std::string sent =
      request({"SET", "key", "value"}) + request({"GET", "key"}) + "echo \"a b\"\r\n";
  for (size_t i = 0; i < sent.size(); ++i) {
    REQUIRE(peer.send(sent.substr(i, 1)));
    REQUIRE(eventually([&] { return f.bytes_in() == i + 1; }));
  }
  CHECK(peer.receive(23) == "+OK\r\n$5\r\nvalue\r\n$3\r\na b");
  CHECK(f.of_connection([](Connection& c) { return c.pending_input(); }) == 0);
}

TEST_CASE("connection: a request cut in two anywhere, with another before and behind") {
  Fixture f;
  Peer peer(f.port);
  const std::string value(3000, 'v');
  const std::string sent =
      request({"ECHO", "a"}) + request({"ECHO", value}) + request({"ECHO", "b"});
  const std::string expected = bulk("a") + bulk(value) + bulk("b");
  uint64_t total = 0;
  for (size_t cut = 1; cut < sent.size(); cut += cut < 60 ? 1 : 97) {
    REQUIRE(peer.send(sent.substr(0, cut)));
    REQUIRE(eventually([&] { return f.bytes_in() == total + cut; }));
    expect(peer, sent.substr(cut), expected);
    total += sent.size();
  }
}

TEST_CASE("connection: a megabyte is received alone, in pieces and in company") {
  Fixture f;
  Peer peer(f.port);
  std::string value(1024 * 1024, ' ');
  for (size_t i = 0; i < value.size(); ++i) value[i] = static_cast<char>('a' + i % 26);
  expect(peer, request({"ECHO", "a"}) + request({"SET", "k", value}) + request({"ECHO", "b"}),
         bulk("a") + "+OK\r\n" + bulk("b"));
  expect(peer, request({"GET", "k"}), bulk(value));
  const std::string taking = request({"TAKE", value});
  REQUIRE(peer.send(taking.substr(0, 100'000)));
  REQUIRE(eventually(
      [&] { return f.of_connection([](Connection& c) { return c.pending_input(); }) >= 90'000; }));
  expect(peer, taking.substr(100'000), ":1048576\r\n");
  CHECK(f.of_connection([](Connection& c) { return c.pending_input(); }) == 0);
}

TEST_CASE("connection: a promise reserves nothing") {
  Fixture f;
  Peer peer(f.port);
  expect(peer, "echo x\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$500000000\r\nabc", bulk("x"));
  CHECK(f.of_connection([](Connection& c) { return c.memory_size(); }) < 100'000);
}

TEST_CASE(
    "connection: after a protocol error nothing more is read, and what came before is answered") {
  Fixture f;
  Peer peer(f.port);
  REQUIRE(peer.send(request({"ECHO", "a"}) + "*1\r\n!" + request({"ECHO", "b"})));
  CHECK(peer.receive_all() == bulk("a") + "-ERR Protocol error: expected '$', got '!'\r\n");
  CHECK(eventually([&] { return f.clients() == 0; }));
}

TEST_CASE("connection: after QUIT the rest is not run") {
  Fixture f;
  Peer peer(f.port);
  REQUIRE(peer.send(request({"QUIT"}) + request({"SET", "k", "v"})));
  CHECK(peer.receive_all() == "+OK\r\n");
  CHECK(f.thread->call([&] { return f.server().databases[0].size(); }) == 0);
}

TEST_CASE("connection: a task that is not written yet is an answer like another") {
  Fixture f;
  Peer peer(f.port);
  expect(peer, "unwritten\r\necho a\r\n", "-ERR TODO 03.9\r\n" + bulk("a"));
}

TEST_CASE("connection: replies off, and skipped") {
  Fixture f;
  Peer peer(f.port);
  expect(peer,
         "hush skip\r\nhush skip\r\necho 1\r\necho 2\r\nhush off\r\necho 3\r\necho 4\r\nhush "
         "on\r\necho 5\r\n",
         bulk("2") + bulk("5"));
}

TEST_CASE("connection: who leaves is forgotten, whatever is under way") {
  Fixture f;
  std::vector<std::unique_ptr<Peer>> peers;
  for (int i = 0; i < 40; ++i) {
    peers.push_back(std::make_unique<Peer>(f.port));
    REQUIRE(peers.back()->send(i % 2 == 0 ? "*2\r\n$4\r\nEC" : "echo x\r\n"));
  }
  CHECK(eventually([&] { return f.clients() == 40; }));
  peers.clear();
  CHECK(eventually([&] { return f.clients() == 0; }));
}

TEST_CASE(
    "connection: a client that never reads is bounded; the others are served; when it reads, "
    "nothing is missing") {
  Fixture f;
  Peer slow(f.port), other(f.port);
  const std::string value(10'000, 'v');
  expect(other, request({"SET", "k", value}), "+OK\r\n");
  const std::string pipeline = [] {
    std::string text;
    for (int i = 0; i < 1000; ++i) text += request({"GET", "k"});
    return text;
  }();
  const size_t request_size = pipeline.size() / 1000;
  size_t sent = 0, at_rest = 0;
  // Until nothing more fits into the socket, and the server has stopped reading what did.
  while (at_rest < 1000) {
    const size_t now = slow.send_some(std::string_view(pipeline).substr(sent % pipeline.size()));
    sent += now;
    at_rest = now == 0 ? at_rest + 1 : 0;
    if (now == 0) f.thread->call([] {});
  }
  const size_t waiting = f.thread->call([&] {
    size_t most = 0;
    f.server().clients.for_each(
        [&](Connection& c) { most = std::max(most, c.client().output.size()); });
    return most;
  });
  CHECK(waiting > Connection::kUnreadLimit);
  // One reading beyond the limit: 64 KB of requests.
  CHECK(waiting < Connection::kUnreadLimit + (64 * 1024 / request_size + 2) * (value.size() + 10));
  expect(other, "echo alive\r\n", bulk("alive"));
  const std::string reply = bulk(value);
  const size_t requests = sent / request_size;
  size_t right = 0;
  while (right < requests && slow.receive(reply.size()) == reply) ++right;
  CHECK(right == requests);
  CHECK(eventually([&] {
    return f.thread->call([&] {
      size_t left = 0;
      f.server().clients.for_each([&](Connection& c) { left += c.client().output.size(); });
      return left == 0;
    });
  }));
}

TEST_CASE("connection: no reply leaves before the turn's steps") {
  std::optional<Peer> peer;
  int steps = 0;
  size_t arrived_too_early = 0;
  Fixture f([&](Server& s) {
    s.turn.hold_replies();
    s.turn.add_step([&] {
      ++steps;
      if (peer) arrived_too_early += peer->arrived();
    });
  });
  peer.emplace(f.port);
  for (int i = 0; i < 50; ++i)
    expect(*peer, request({"ECHO", "a"}) + request({"ECHO", "b"}), bulk("a") + bulk("b"));
  CHECK(f.thread->call([&] { return steps; }) >= 50);
  CHECK(f.thread->call([&] { return arrived_too_early; }) == 0);
}

TEST_CASE("connection: the turn's steps follow a command that is not answered") {
  int steps = 0;
  Fixture f([&](Server& s) {
    s.turn.hold_replies();
    s.turn.add_step([&] { ++steps; });
  });
  Peer peer(f.port);
  expect(peer, "hush off\r\n", "");
  REQUIRE(eventually([&] { return f.bytes_in() == 10; }));
  const int before = f.thread->call([&] { return steps; });
  expect(peer, "set k v\r\n", "");
  CHECK(eventually([&] { return f.thread->call([&] { return steps; }) > before; }));
}

TEST_CASE("connection: what follows a blocked command waits with it, in order, and nothing is lost") {
  Fixture f;
  Peer waiting(f.port), other(f.port);
  const std::string large(100'000, 'x');  // received in place, behind the blocked command
  expect(waiting, request({"ECHO", "first"}) + request({"HOLD"}) + request({"ECHO", "second"}) + request({"HOLD"}) +
                      request({"ECHO", "third"}) + request({"SET", "k", large}).substr(0, 60'000),
         bulk("first"));
  REQUIRE(waiting.send(request({"SET", "k", large}).substr(60'000) + request({"GET", "k"})));
  REQUIRE(eventually([&] { return f.thread->call([&] { return gate().size(); }) == 1; }));
  expect(other, request({"ECHO", "busy"}), bulk("busy"));
  CHECK(waiting.arrived() == 0);
  expect(other, request({"GO"}), "+OK\r\n");
  CHECK(waiting.receive(7 + bulk("second").size()) == "+WENT\r\n" + bulk("second"));
  REQUIRE(eventually([&] { return f.thread->call([&] { return gate().size(); }) == 1; }));
  expect(other, request({"GO"}), "+OK\r\n");
  const std::string rest = "+WENT\r\n" + bulk("third") + "+OK\r\n" + bulk(large);
  CHECK(waiting.receive(rest.size()) == rest);
}

TEST_CASE("connection: a blocked client that goes is noticed") {
  Fixture f;
  {
    Peer waiting(f.port);
    expect(waiting, request({"HOLD"}), "");
    REQUIRE(eventually([&] { return f.thread->call([&] { return gate().size(); }) == 1; }));
  }
  CHECK(eventually([&] { return f.thread->call([&] { return gate().size(); }) == 0; }));
  CHECK(eventually([&] { return f.clients() == 0; }));
}

TEST_CASE("connection: a blocked client that goes on sending is not read from for ever") {
  Fixture f;
  Peer waiting(f.port);
  expect(waiting, request({"HOLD"}), "");
  REQUIRE(eventually([&] { return f.thread->call([&] { return gate().size(); }) == 1; }));
  std::string sent;
  while (sent.size() < 64 * 1024 * 1024) {
    const std::string batch = request({"ECHO", std::string(30'000, 'a')});
    if (waiting.send_some(batch) < batch.size()) break;
    sent += batch;
  }
  CHECK(f.bytes_in() < 1024 * 1024);
  Peer other(f.port);
  expect(other, request({"GO"}), "+OK\r\n");
  CHECK(waiting.receive(7) == "+WENT\r\n");
  const std::string one = bulk(std::string(30'000, 'a'));
  for (size_t i = 0; i < sent.size() / request({"ECHO", std::string(30'000, 'a')}).size(); ++i) {
    REQUIRE(waiting.receive(one.size()) == one);
  }
}

TEST_CASE("connection: an argument that is too large closes, however many small ones make a request") {
  std::string told;
  Fixture f([&told](Server& server) {
    server.frame.input_limit = 100'000;
    server.frame.on_input_limit = [&told](Connection&, std::string_view first_bytes) { told = first_bytes.substr(0, 3); };
  });
  {
    Peer peer(f.port);
    expect(peer, request({"SET", "k", std::string(99'998, 'k')}), "+OK\r\n");
    const std::vector<std::string> many(21, std::string(20'000, 'm'));  // no command, but not too large
    expect(peer, request(many), "-ERR");
  }
  Peer peer(f.port);
  REQUIRE(peer.send("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1000000\r\n" + std::string(100'001, 'x')));
  CHECK(peer.receive(1).empty());  // closed
  CHECK(f.thread->call([&] { return told; }) == "xxx");
}

TEST_CASE("connection: what has come whole of an unfinished request is no pending input") {
  Fixture f;
  Peer peer(f.port);
  REQUIRE(peer.send("*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$9\r\nval"));
  const auto whole = [&] { return f.of_connection([](Connection& c) { return c.argument_bytes(); }); };
  CHECK(eventually([&] { return whole() == 6; }));
  CHECK(f.of_connection([](Connection& c) { return c.pending_input(); }) == 3);
  expect(peer, "ue1234\r\n", "+OK\r\n");
  CHECK(whole() == 0);
}

}  // namespace server
