// SPDX-License-Identifier: MIT
// What clients are owed, over real sockets whose buffers are full; time is turned by hand.
#include "09-shutdown/drain.h"

#include <optional>
#include <string>

#include "03-get-set/commands.h"
#include "shared/net/listener.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/in_process_server.h"
#include "shared/testing/unit/loopback.h"

namespace shutdown {

using testing::eventually;
using testing::Peer;
using Outcome = server::ShutdownStep::Outcome;

namespace {

constexpr size_t kBig = 32 * 1024 * 1024;  // more than a socket takes

struct Fixture {
  Fixture() {
    auto& server = tested.server();
    tested.run({"SET", "big", std::string(kBig, 'x')});
    listener = std::move(
        net::Listener::open(server.loop, {.address = "127.0.0.1"},
                            [&server](std::unique_ptr<net::Session> session) {
                              server.clients.add(server.frame, std::move(session)).start();
                            })
            .value());
    loop.emplace(server.loop);
  }
  ~Fixture() {
    loop->call([this] { listener.reset(); });
    loop.reset();
  }
  // A client whose reply does not fit into its socket.
  std::unique_ptr<Peer> slow_reader() {
    auto peer = std::make_unique<Peer>(listener->port());
    peer->send("*2\r\n$3\r\nGET\r\n$3\r\nbig\r\n");
    CHECK(eventually([&] { return peer->arrived() > 0; }));
    return peer;
  }
  Outcome run(int64_t patience_ms) {
    return loop->call([&] { return drain.run({.deadline = begun + patience_ms}); });
  }

  testing::InProcessServer tested{[](server::Server& s) { get_set::compose(s); }};
  const util::UnixMs begun = tested.clock().wall_ms();
  Drain drain{tested.server().clients, tested.server().clock};
  std::unique_ptr<net::Listener> listener;
  std::optional<testing::LoopThread> loop;
};

constexpr size_t kReply = kBig + std::string_view("$33554432\r\n\r\n").size();

}  // namespace

TEST_CASE("drain: who is owed nothing holds nobody up") {
  Fixture f;
  Peer idle(f.listener->port());
  idle.send("*1\r\n$6\r\nDBSIZE\r\n");
  CHECK(idle.receive(4) == ":1\r\n");
  CHECK(f.run(1000) == Outcome::Done);
}

TEST_CASE("drain: waits until what was owed at its start is sent, not for what is asked later") {
  Fixture f;
  auto peer = f.slow_reader();
  CHECK(f.run(1000) == Outcome::Waiting);
  peer->send("*2\r\n$3\r\nGET\r\n$3\r\nbig\r\n");
  CHECK(f.run(1000) == Outcome::Waiting);
  CHECK(peer->receive(kReply).size() == kReply);
  CHECK(eventually([&] { return f.run(1000) == Outcome::Done; }));
  CHECK(f.loop->call([&] { return !f.tested.server().clients.find(1)->client().output.empty(); }));
}

TEST_CASE("drain: a client that does not read has half of the time") {
  Fixture f;
  auto peer = f.slow_reader();
  CHECK(f.run(1000) == Outcome::Waiting);
  f.loop->call([&] { f.tested.clock().advance_ms(499); });
  CHECK(f.run(1000) == Outcome::Waiting);
  f.loop->call([&] { f.tested.clock().advance_ms(1); });
  CHECK(f.run(1000) == Outcome::Done);
}

TEST_CASE("drain: without patience it looks once; a client that leaves is owed nothing") {
  Fixture f;
  auto peer = f.slow_reader();
  CHECK(f.run(0) == Outcome::Done);
  f.loop->call([&] { f.drain.reset(); });
  CHECK(f.run(1000) == Outcome::Waiting);
  peer->close();
  CHECK(eventually([&] { return f.run(1000) == Outcome::Done; }));
}

}  // namespace shutdown
