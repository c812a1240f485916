// SPDX-License-Identifier: MIT
//
// Real children: what they see, what they report, how they end.
#include "shared/server/child_process.h"

#include <unistd.h>

#include <csignal>
#include <optional>

#include "shared/testing/catch.h"
#include "shared/testing/unit/in_process_server.h"
#include "shared/testing/unit/loopback.h"

namespace server {

namespace {

struct Fixture {
  testing::InProcessServer tested{nullptr};
  testing::LoopThread thread{tested.server().loop};
  std::optional<ChildProcess::Outcome> outcome;

  ChildProcess& child() { return tested.server().child; }
  bool start(ChildProcess::Work work) {
    return thread.call([&] { return child().start("test", std::move(work), [this](const auto& end) { outcome = end; }).ok(); });
  }
  ChildProcess::Outcome wait() {
    REQUIRE(testing::eventually([&] { return thread.call([&] { return outcome.has_value(); }); }));
    return thread.call([&] { return *outcome; });
  }
};

}  // namespace

TEST_CASE("child: it sees the moment of the fork, and reports") {
  Fixture f;
  f.thread.call([&] { f.tested.server().databases[0].set_string("k", "before"); });
  REQUIRE(f.start([&](std::string& report) {
    usleep(20'000);  // the parent has changed its mind by now
    keyspace::StringScratch scratch;
    report = keyspace::string_text(*f.tested.server().databases[0].find("k"), scratch);
    return 0;
  }));
  f.thread.call([&] {
    CHECK(f.child().running());
    CHECK_FALSE(f.tested.server().databases.environment().touch);
    f.tested.server().databases[0].set_string("k", "after");
  });
  const auto outcome = f.wait();
  CHECK(outcome.ok);
  CHECK(outcome.report == "before");
  f.thread.call([&] {
    CHECK_FALSE(f.child().running());
    CHECK(f.tested.server().databases.environment().touch);
  });
}

TEST_CASE("child: a failure is told from success") {
  Fixture f;
  REQUIRE(f.start([](std::string& report) {
    report = "No space left on device";
    return 1;
  }));
  const auto outcome = f.wait();
  CHECK_FALSE(outcome.ok);
  CHECK(outcome.signal == 0);
  CHECK(outcome.report == "No space left on device");
}

TEST_CASE("child: killed") {
  Fixture f;
  REQUIRE(f.start([](std::string&) {
    for (;;) pause();
    return 0;
  }));
  f.thread.call([&] { f.child().kill(); });
  const auto outcome = f.wait();
  CHECK_FALSE(outcome.ok);
  CHECK(outcome.signal == SIGUSR1);
}

TEST_CASE("child: one that dies of itself does not stay unnoticed") {
  Fixture f;
  REQUIRE(f.start([](std::string&) -> int { raise(SIGKILL); return 0; }));
  CHECK(f.wait().signal == SIGKILL);
}

TEST_CASE("child: the server goes, and takes it along") {
  pid_t pid = 0;
  {
    Fixture f;
    REQUIRE(f.start([](std::string&) {
      for (;;) pause();
      return 0;
    }));
    pid = f.child().pid();
  }
  CHECK(::kill(pid, 0) != 0);
}

TEST_CASE("child: its parent sees how far it is, and what it has copied") {
  Fixture f;
  f.thread.call([&] {
    for (int i = 0; i < 4; ++i) f.tested.server().databases[i].set_string("k", "v");
  });
  f.child().progress().count_key();  // not in a child: nothing
  REQUIRE(f.start([&](std::string&) {
    ChildProgress& progress = f.child().progress();
    for (int i = 0; i < 3; ++i) progress.count_key();
    progress.measure();
    for (;;) usleep(1000);
    return 0;
  }));
  const ChildProgress& progress = f.child().progress();
  REQUIRE(testing::eventually([&] { return progress.measured_us() != 0; }));
  CHECK(progress.keys() == 4);
  CHECK(progress.keys_done() == 3);
  CHECK(progress.percent() == 75);
#ifdef __linux__
  CHECK(progress.copied_bytes() > 0);
  CHECK(progress.most_copied_bytes() >= progress.copied_bytes());
#endif
  f.thread.call([&] { f.child().kill(); });
  CHECK(f.wait().signal == SIGUSR1);
  CHECK(progress.keys() == 0);
  CHECK(progress.keys_done() == 0);
  CHECK(progress.percent() == 0);
}

}  // namespace server
