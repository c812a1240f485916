// SPDX-License-Identifier: MIT
//
// Limits hard and soft, with a clock that stands still; how they are written and read.
#include "07-pubsub/output_limits.h"

#include "shared/testing/catch.h"
#include "shared/testing/unit/fake_clock.h"

namespace pubsub {

namespace {

using command::Client;

struct Owner final : command::ClientOwner {
  bool doomed = false;
  void output_added() override {}
  void close_later() override { doomed = true; }
  void unblocked() override {}
  std::string peer_address() const override { return "nowhere"; }
};

struct Fixture {
  util::UnixMs now = 1'000'000;
  int reports = 0;
  OutputLimits limits{now, [this](const Client&) { ++reports; }};
  Owner owner;
  Client client{1};
  explicit Fixture(std::string_view text, Client::Kind kind = Client::Kind::PubSub) {
    REQUIRE(limits.set(text));
    client.owner = &owner;
    client.kind = kind;
  }
  // True: the client is to be closed.
  bool add(size_t count) {
    client.output.append(std::string(count, 'x'));
    limits.output_grew(client);
    return owner.doomed;
  }
  bool later(int64_t ms) {
    now += ms;
    limits.check_soft_limits();
    return owner.doomed;
  }
};

}  // namespace

TEST_CASE("limits: the hard one closes at once, and once") {
  Fixture f("pubsub 1000 0 0");
  CHECK_FALSE(f.add(999));
  CHECK(f.add(1));
  CHECK(f.client.close_after_reply);
  f.add(1000);
  CHECK(f.reports == 1);
}

TEST_CASE("limits: a client that was only marked is still whole") {
  Fixture f("pubsub 10 0 0");
  f.add(20);
  CHECK(f.client.output.size() == 20);
}

TEST_CASE("limits: the soft one closes when it has lasted longer than so many seconds") {
  Fixture f("pubsub 0 100 10");
  CHECK_FALSE(f.add(100));
  CHECK_FALSE(f.later(10'000));
  CHECK(f.later(1));
  CHECK(f.reports == 1);
}

TEST_CASE("limits: the soft time begins again when the queue was short in between") {
  Fixture f("pubsub 0 100 10");
  f.add(150);
  f.later(9'000);
  f.client.output.consume(60);
  CHECK_FALSE(f.later(0));  // noticed
  f.add(60);
  CHECK_FALSE(f.later(9'000));
  CHECK(f.later(1'001));
}

TEST_CASE("limits: output that grows while over the soft limit is enough to be noticed") {
  Fixture f("pubsub 0 100 1");
  f.add(100);
  f.now += 1'001;
  CHECK(f.add(1));
}

TEST_CASE("limits: each class has its own") {
  Fixture normal("pubsub 10 0 0", Client::Kind::Normal);
  CHECK_FALSE(normal.add(1000));
  Fixture master("normal 10 0 0", Client::Kind::Master);
  CHECK(master.add(10));
  Fixture replica("replica 10 0 0", Client::Kind::Replica);
  CHECK(replica.add(10));
}

TEST_CASE("limits: a client that goes while over its soft limit is forgotten") {
  Fixture f("pubsub 0 10 1");
  f.add(10);
  f.client.parts.clear();
  CHECK_FALSE(f.later(5'000));
}

TEST_CASE("limits: as configured and printed") {
  const util::UnixMs now = 0;
  OutputLimits limits(now, [](const Client&) {});
  CHECK(limits.text() == "normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60");
  CHECK(limits.set("Replica 1gb 10m 5 normal 0 0 0"));
  CHECK(limits.text() == "normal 0 0 0 slave 1073741824 10000000 5 pubsub 33554432 8388608 60");
  CHECK(limits.set(""));
  const auto error_of = [&](std::string_view text) { return limits.set(text).error(); };
  CHECK(error_of("normal 1 2") == "Wrong number of arguments in buffer limit configuration.");
  CHECK(error_of("master 1 2 3") ==
        "Invalid client class specified in buffer limit configuration.");
  for (const char* text : {"normal x 0 0", "normal 0 0 -1", "pubsub 1 1 1 normal 0 0 y"}) {
    CHECK(error_of(text) ==
          "Error in hard, soft or soft_seconds setting in buffer limit configuration.");
  }
  CHECK(limits.text() == "normal 0 0 0 slave 1073741824 10000000 5 pubsub 33554432 8388608 60");
}

}  // namespace pubsub
