// SPDX-License-Identifier: MIT
#include "10-full-server/eviction/evictor.h"

#include <cstdio>
#include <string>

#include "shared/testing/catch.h"
#include "shared/testing/unit/fake_clock.h"

namespace eviction {

using keyspace::Entry;

// Every key counts as 100 bytes.
struct Fixture : keyspace::ChangeSink {
  Fixture() {
    databases.open(2);
    databases.environment().sink = this;
    databases.environment().random = util::Random(7);
    set_now(1'000'000'000);
  }
  void set_now(int64_t now) {
    databases.environment().now = now;
    databases.environment().clock = databases.environment().usage.fresh(now);
  }
  void choose_policy(std::string_view name) {
    for (size_t i = 0; i < std::size(kPolicies); ++i) {
      if (kPolicies[i].name == name) limits.policy = static_cast<int>(i);
    }
    databases.environment().usage.frequency = limits.rule().order == Order::Frequency;
  }
  void on_change(const keyspace::Change&) override {}
  void on_flush(int, int64_t) override {}
  void on_removed(const keyspace::Removal& removal) override {
    CHECK(removal.reason == keyspace::RemovalReason::Evicted);
    removed.push_back(std::string(removal.key));
    messages += message_size;
    clock.advance_us(us_per_key);
  }

  testing::FakeClock clock;
  keyspace::Databases databases;
  Limits limits;
  bool allowed = true;
  uint64_t uncounted = 0;
  int continuations = 0;
  int64_t us_per_key = 0;
  uint64_t message_size = 0;
  uint64_t messages = 0;  // bytes that wait to be sent
  std::vector<std::string> removed;
  Evictor evictor{databases, clock, limits,
                  {.may_evict = [this] { return allowed; },
                   .used_memory = [this] { return 100 * databases.total_size() + messages; },
                   .uncounted = [this] { return uncounted; },
                   .release_spare = [] {},
                   .wait_for_free = [] { return false; },
                   .continue_soon = [this] { ++continuations; },
                   .took =
                       [this](Evictor::Phase phase, int64_t microseconds) {
                         took.emplace_back(phase, microseconds);
                       }}};
  std::vector<std::pair<Evictor::Phase, int64_t>> took;
};

using Outcome = Evictor::Outcome;

TEST_CASE("without a limit, within it, or while it must not, nothing is evicted") {
  Fixture f;
  f.choose_policy("allkeys-random");
  for (int i = 0; i < 10; ++i) f.databases[0].set_string(std::to_string(i), "v");
  CHECK(f.evictor.make_room() == Outcome::Enough);
  f.limits.max_memory = 1000;
  CHECK(f.evictor.make_room() == Outcome::Enough);
  f.limits.max_memory = 500;
  f.uncounted = 500;
  CHECK(f.evictor.make_room() == Outcome::Enough);
  f.uncounted = 0;
  f.allowed = false;
  CHECK(f.evictor.make_room() == Outcome::Enough);
  CHECK(f.removed.empty());
  f.allowed = true;
  CHECK(f.evictor.make_room() == Outcome::Enough);
  CHECK(f.removed.size() == 5);
  CHECK(f.databases.environment().evicted == 5);
}

TEST_CASE("messages that tell of evictions are no reason for more, until their turn is over") {
  Fixture f;
  f.choose_policy("allkeys-random");
  for (int i = 0; i < 100; ++i) f.databases[0].set_string(std::to_string(i), "v");
  f.limits.max_memory = 9000;
  f.message_size = 1000;
  for (int command = 0; command < 5; ++command) CHECK(f.evictor.make_room() == Outcome::Enough);
  CHECK(f.removed.size() == 10);
  f.databases[0].set_string("one more", "v");  // what is written in the same turn counts as ever
  CHECK(f.evictor.make_room() == Outcome::Enough);
  CHECK(f.removed.size() == 11);

  f.evictor.turn_ended();  // nobody has taken them: memory like any other
  f.message_size = 0;
  CHECK(f.evictor.make_room() == Outcome::Full);
  CHECK(f.databases.total_size() == 0);
}

TEST_CASE("noeviction refuses, and volatile policies when nothing is volatile") {
  Fixture f;
  f.limits.max_memory = 100;
  for (int i = 0; i < 10; ++i) f.databases[1].set_string(std::to_string(i), "v");
  for (const std::string_view policy :
       {"noeviction", "volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl"}) {
    f.choose_policy(policy);
    CHECK(f.evictor.make_room() == Outcome::Full);
  }
  CHECK(f.removed.empty());
  CHECK(f.databases.total_size() == 10);
}

TEST_CASE("volatile policies leave other keys alone") {
  for (const std::string_view policy : {"volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl"}) {
    Fixture f;
    f.choose_policy(policy);
    f.limits.max_memory = 500;
    for (int i = 0; i < 10; ++i) {
      keyspace::Keyspace& keys = f.databases[i % 2];
      keys.set_string("stays" + std::to_string(i), "v");
      keys.expire_at(keys.set_string("goes" + std::to_string(i), "v"), 2'000'000'000 + i);
    }
    CHECK(f.evictor.make_room() == Outcome::Full);
    CHECK(f.databases.total_size() == 10);
    for (const std::string& key : f.removed) CHECK(key.starts_with("goes"));
  }
}

// The share of the evicted among the first half, which should go.
static double right_choices(std::string_view policy, int samples) {
  constexpr int kKeys = 2000;
  Fixture f;
  f.choose_policy(policy);
  f.limits.samples = samples;
  f.limits.tenacity = 100;
  for (int i = 0; i < kKeys; ++i) {
    f.set_now(1'000'000'000 + 10'000 * i);
    f.databases[0].set_string(std::to_string(i), "v");
  }
  if (f.limits.rule().order == Order::Frequency) {
    f.databases.environment().usage.decay_minutes = 0;
    for (int i = kKeys / 2; i < kKeys; ++i) {
      for (int uses = 0; uses < 20; ++uses) f.databases[0].find(std::to_string(i));
    }
  }
  f.limits.max_memory = 100 * kKeys / 2;
  CHECK(f.evictor.make_room() == Outcome::Enough);
  int right = 0;
  for (const std::string& key : f.removed) right += std::stoi(key) < kKeys / 2 ? 1 : 0;
  return right / static_cast<double>(f.removed.size());
}

TEST_CASE("what was used least recently goes first, nearly") {
  CHECK(right_choices("allkeys-lru", 5) > 0.80);
  CHECK(right_choices("allkeys-lru", 10) > 0.90);
  CHECK(right_choices("allkeys-random", 5) < 0.6);
}

TEST_CASE("what was used least frequently goes first, nearly") {
  CHECK(right_choices("allkeys-lfu", 5) > 0.80);
}

// For the guide: bin/test-eviction "how good are samples?"
TEST_CASE("how good are samples?", "[.]") {
  for (const int samples : {1, 3, 5, 10}) {
    std::printf("maxmemory-samples %2d: %2.0f of 100 evicted keys were among the older half\n", samples,
                100 * right_choices("allkeys-lru", samples));
  }
  std::printf("allkeys-random:       %2.0f\n", 100 * right_choices("allkeys-random", 5));
}

TEST_CASE("the nearest deadline goes first") {
  Fixture f;
  f.choose_policy("volatile-ttl");
  f.limits.samples = 64;
  for (int i = 0; i < 8; ++i) {
    f.databases[0].expire_at(f.databases[0].set_string(std::to_string(i), "v"), 2'000'000'000 - i);
  }
  f.limits.max_memory = 500;
  CHECK(f.evictor.make_room() == Outcome::Enough);
  CHECK(f.removed == std::vector<std::string>{"7", "6", "5"});
}

TEST_CASE("out of time it lets the command go on, and goes on itself") {
  Fixture f;
  f.choose_policy("allkeys-lru");
  f.limits.tenacity = 0;
  for (int i = 0; i < 100; ++i) f.databases[0].set_string(std::to_string(i), "v");
  f.limits.max_memory = 1000;
  f.us_per_key = 1;
  CHECK(f.evictor.make_room() == Outcome::Running);
  CHECK(f.removed.size() == 16);
  CHECK(f.continuations == 1);
  CHECK(f.evictor.make_room() == Outcome::Running);
  CHECK(f.continuations == 1);
  CHECK(f.evictor.exceeded_now() > 0);
  while (f.databases.total_size() > 10) f.evictor.go_on();
  CHECK(f.continuations > 1);
  CHECK(f.evictor.exceeded_now() == 0);
  CHECK(f.evictor.exceeded_total() > 0);
}

TEST_CASE("a candidate that has gone or lost its deadline is passed over") {
  Fixture f;
  f.choose_policy("volatile-lru");
  for (int i = 0; i < 20; ++i) {
    f.databases[0].expire_at(f.databases[0].set_string(std::to_string(i), "v"), 2'000'000'000);
  }
  f.limits.max_memory = 1900;
  CHECK(f.evictor.make_room() == Outcome::Enough);
  for (int i = 0; i < 20; ++i) {
    Entry* entry = f.databases[0].peek(std::to_string(i));
    if (entry != nullptr && i != 3) f.databases[0].persist(entry);
  }
  f.removed.clear();
  f.limits.max_memory = 0;
  f.limits.max_memory = 100 * f.databases.total_size() - 100;
  if (f.databases[0].peek("3") == nullptr) return;
  CHECK(f.evictor.make_room() == Outcome::Enough);
  CHECK(f.removed == std::vector<std::string>{"3"});
}

TEST_CASE("how long a round, each key of it and a vain wait took is told") {
  using Phase = Evictor::Phase;
  Fixture f;
  f.choose_policy("allkeys-random");
  f.limits.tenacity = 100;
  f.us_per_key = 7;
  for (int i = 0; i < 3; ++i) f.databases[0].set_string(std::to_string(i), "v");
  f.limits.max_memory = 200;
  CHECK(f.evictor.make_room() == Outcome::Enough);
  CHECK(f.took == decltype(f.took){{Phase::Key, 0}, {Phase::Cycle, 7}});
  f.took.clear();
  f.limits.max_memory = 1;
  f.uncounted = 0;
  f.choose_policy("volatile-ttl");
  CHECK(f.evictor.make_room() == Outcome::Full);
  CHECK(f.took == decltype(f.took){{Phase::Wait, 0}, {Phase::Cycle, 0}});
}

}  // namespace eviction
