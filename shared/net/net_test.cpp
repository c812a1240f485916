// SPDX-License-Identifier: MIT
//
// The loop, its listeners and sessions over real loopback sockets.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "shared/net/event_loop.h"
#include "shared/net/listener.h"
#include "shared/net/session.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/loopback.h"

namespace net {

using testing::eventually;
using testing::LoopThread;
using testing::Peer;

namespace {

// Keeps what it reads. Belongs to the loop's thread.
struct Keeper final : SessionHandler {
  explicit Keeper(std::unique_ptr<Session> accepted) : session(std::move(accepted)) {}
  std::span<char> read_window() override {
    return reading ? std::span<char>(buffer) : std::span<char>();
  }
  void on_read(size_t count) override { text.append(buffer, count); }
  void on_writable() override { ++writable; }
  void on_peer_closed() override {
    peer_closed = true;
    session->close();
  }

  std::unique_ptr<Session> session;
  char buffer[4096];
  std::string text;
  bool reading = true;
  int writable = 0;
  bool peer_closed = false;
};

struct Fixture {
  Fixture() {
    auto opened =
        Listener::open(loop, {.address = "127.0.0.1"}, [this](std::unique_ptr<Session> session) {
          keepers.push_back(std::make_unique<Keeper>(std::move(session)));
          keepers.back()->session->start(*keepers.back());
        });
    REQUIRE(opened);
    listener = std::move(opened.value());
    port = listener->port();
    thread.emplace(loop);
  }
  Keeper* keeper(size_t index = 0) {
    if (!eventually([&] { return thread->call([&] { return keepers.size() > index; }); }))
      FAIL("nobody was accepted");
    return thread->call([&] { return keepers[index].get(); });
  }
  std::string text(Keeper* of) {
    return thread->call([of] { return of->text; });
  }

  EventLoop loop;
  std::vector<std::unique_ptr<Keeper>> keepers;
  std::unique_ptr<Listener> listener;
  uint16_t port = 0;
  std::optional<LoopThread> thread;
};

}  // namespace

TEST_CASE("listener: port 0 becomes a real one, and those who wait are accepted") {
  Fixture f;
  CHECK(f.port != 0);
  std::vector<std::unique_ptr<Peer>> peers;
  for (int i = 0; i < 50; ++i) peers.push_back(std::make_unique<Peer>(f.port));
  CHECK(eventually([&] { return f.thread->call([&] { return f.keepers.size() == 50; }); }));
  const std::string name = f.thread->call([&] { return f.keepers[0]->session->local_address(); });
  CHECK(name == "127.0.0.1:" + std::to_string(f.port));
  CHECK(f.thread->call([&] { return f.keepers[0]->session->peer_address(); })
            .starts_with("127.0.0.1:"));
}

TEST_CASE("listener: why it cannot open") {
  Fixture f;
  EventLoop other;
  const auto taken = Listener::open(other, {.address = "127.0.0.1", .port = f.port}, [](auto) {});
  REQUIRE_FALSE(taken);
  CHECK(taken.error() == "Address already in use");
  const auto wrong = Listener::open(other, {.address = "not-an-address"}, [](auto) {});
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error() == "not an IP address: not-an-address");
}

TEST_CASE("listener: closed, it accepts nobody, and its port is free") {
  Fixture f;
  f.thread->call([&] { f.listener->close(); });
  CHECK_THROWS_AS(Peer(f.port), std::system_error);
  f.thread->call([&] { f.listener->close(); });
}

TEST_CASE("session: bytes arrive, in both directions") {
  Fixture f;
  Peer peer(f.port);
  Keeper* keeper = f.keeper();
  REQUIRE(peer.send("hello"));
  CHECK(eventually([&] { return f.text(keeper) == "hello"; }));
  const long sent = f.thread->call([&] {
    const std::string_view pieces[] = {"one", "two", "three"};
    return keeper->session->write_some(pieces);
  });
  CHECK(sent == 11);
  CHECK(peer.receive(11) == "onetwothree");
}

TEST_CASE("session: more pieces than one write takes") {
  Fixture f;
  Peer peer(f.port);
  Keeper* keeper = f.keeper();
  const long sent = f.thread->call([&] {
    const std::vector<std::string_view> pieces(100, "x");
    return keeper->session->write_some(pieces);
  });
  CHECK(sent == 64);
  CHECK(peer.receive(64) == std::string(64, 'x'));
}

TEST_CASE("session: what is not wanted now is read later") {
  Fixture f;
  Peer peer(f.port);
  Keeper* keeper = f.keeper();
  f.thread->call([&] { keeper->reading = false; });
  REQUIRE(peer.send("later"));
  f.thread->call([] {});
  CHECK(f.text(keeper).empty());
  f.thread->call([&] {
    keeper->reading = true;
    keeper->session->resume_reading();
  });
  CHECK(eventually([&] { return f.text(keeper) == "later"; }));
}

TEST_CASE("session: a full socket takes nothing, and says when it does again") {
  Fixture f;
  Peer peer(f.port);
  Keeper* keeper = f.keeper();
  const std::string megabyte(1024 * 1024, 'm');
  const size_t total = f.thread->call([&] {
    const std::string_view pieces[] = {megabyte};
    size_t sum = 0;
    for (long sent = 1; sent > 0; sum += static_cast<size_t>(sent))
      sent = keeper->session->write_some(pieces);
    keeper->session->wait_writable();
    keeper->session->wait_writable();  // once is enough
    return sum;
  });
  CHECK(f.thread->call([&] { return keeper->writable; }) == 0);
  CHECK(peer.receive(total).size() == total);
  CHECK(eventually([&] { return f.thread->call([&] { return keeper->writable == 1; }); }));
}

TEST_CASE("session: the peer's end, and its disappearance") {
  Fixture f;
  auto polite = std::make_unique<Peer>(f.port);
  Keeper* first = f.keeper(0);
  REQUIRE(polite->send("bye"));
  polite->close();
  CHECK(eventually([&] { return f.thread->call([&] { return first->peer_closed; }); }));
  CHECK(f.text(first) == "bye");
  Peer peer(f.port);
  Keeper* second = f.keeper(1);
  f.thread->call([&] { second->reading = false; });
  peer.close();
  const std::string_view pieces[] = {"anybody?"};
  CHECK(eventually(
      [&] { return f.thread->call([&] { return second->session->write_some(pieces); }) == -1; }));
}

TEST_CASE("session: closed with waits pending, it is idle soon and nobody is called") {
  Fixture f;
  Peer peer(f.port);
  Keeper* keeper = f.keeper();
  f.thread->call([&] {
    keeper->session->close();
    CHECK_FALSE(keeper->session->is_open());
    keeper->session->close();
    keeper->session->resume_reading();
    keeper->session->wait_writable();
  });
  CHECK(eventually([&] { return f.thread->call([&] { return keeper->session->idle(); }); }));
  CHECK(peer.receive_all().empty());
  CHECK_FALSE(peer.was_reset());
  CHECK(f.thread->call([&] {
    return !keeper->peer_closed && keeper->writable == 0 && keeper->session->descriptor() == -1;
  }));
  f.thread->call([&] { f.keepers.clear(); });
}

TEST_CASE("session: a reset is seen as one") {
  Fixture f;
  Peer peer(f.port);
  Keeper* keeper = f.keeper();
  f.thread->call([&] { keeper->session->reset(); });
  CHECK(peer.receive_all().empty());
  CHECK(peer.was_reset());
}

TEST_CASE("loop: it may go while sessions and timers still wait") {
  auto f = std::make_unique<Fixture>();
  Peer peer(f->port);
  f->keeper();
  Timer timer(f->loop);
  timer.start(std::chrono::hours(1), [] {});
  f->thread.reset();
}

TEST_CASE("loop: a turn's end comes once, behind everything that was ready when it was asked for") {
  EventLoop loop;
  std::vector<std::string> order;
  loop.set_turn_hooks([&] { order.push_back("begin"); }, [&] { order.push_back("end"); });
  loop.post([&] {
    order.push_back("a");
    loop.request_turn_end();
  });
  loop.post([&] {
    order.push_back("b");
    loop.request_turn_end();
    loop.post([&] {
      order.push_back("c");
      loop.request_turn_end();
      loop.post([&] { loop.stop(); });
    });
  });
  loop.run();
  CHECK(order ==
        std::vector<std::string>{"begin", "a", "begin", "b", "end", "begin", "c", "end", "begin"});
}

TEST_CASE("loop: no end when nobody asks") {
  EventLoop loop;
  int ends = 0;
  loop.set_turn_hooks([] {}, [&] { ++ends; });
  loop.post([&] { loop.post([&] { loop.stop(); }); });
  loop.run();
  CHECK(ends == 0);
}

TEST_CASE("loop: work from other threads runs, each once") {
  EventLoop loop;
  int count = 0;  // touched by the loop alone
  LoopThread thread(loop);
  std::vector<std::thread> others;
  for (int i = 0; i < 4; ++i) {
    others.emplace_back([&] {
      for (int k = 0; k < 500; ++k) loop.post([&] { ++count; });
    });
  }
  for (auto& other : others) other.join();
  CHECK(thread.call([&] { return count; }) == 2000);
}

TEST_CASE("timer: it calls once; cancelled or started again, the earlier call is forgotten") {
  EventLoop loop;
  LoopThread thread(loop);
  std::vector<int> calls;
  auto timer = thread.call([&] { return std::make_unique<Timer>(loop); });
  thread.call([&] {
    timer->start(std::chrono::hours(1), [&] { calls.push_back(1); });
    timer->start(std::chrono::milliseconds(1), [&] { calls.push_back(2); });
  });
  CHECK(eventually([&] { return thread.call([&] { return calls; }) == std::vector<int>{2}; }));
  thread.call([&] {
    timer->start(std::chrono::milliseconds(0), [&] { calls.push_back(3); });
    timer->cancel();
    timer.reset();
  });
  thread.call([] {});
  thread.call([] {});
  CHECK(thread.call([&] { return calls; }) == std::vector<int>{2});
}

}  // namespace net
