// SPDX-License-Identifier: MIT
// The sweep with a clock turned by hand: how much it does, when it stops, where it goes on.
#include "04-expiry/expiry_sweep.h"

#include <map>
#include <string>

#include "shared/testing/catch.h"
#include "shared/testing/unit/fake_clock.h"

namespace expiry {

namespace {

class SilentSink final : public keyspace::ChangeSink {
 public:
  void on_change(const keyspace::Change&) override {}
  void on_removed(const keyspace::Removal& removal) override {
    CHECK(removal.reason == keyspace::RemovalReason::Expired);
    ++removed;
  }
  void on_flush(int, int64_t) override {}
  size_t removed = 0;
};

// Each look at the steady clock takes a while, as if the work before it had.
class SlowClock final : public util::Clock {
 public:
  util::UnixMs wall_ms() override { return wall; }
  int64_t wall_us() override { return wall * 1000; }
  int64_t monotonic_us() override { return steady_us += step_us; }
  util::UnixMs wall = testing::FakeClock::kStart;
  int64_t steady_us = 0, step_us = 0;
};

struct Fixture {
  Fixture() {
    databases.open(16);
    databases.environment().sink = &sink;
    databases.environment().now = clock.wall;
  }
  void advance_ms(int64_t ms) { databases.environment().now = clock.wall += ms; }
  void fill(int db, const std::string& prefix, int count, int64_t lives_ms) {
    for (int i = 0; i < count; ++i) {
      const std::string key = prefix + std::to_string(i);
      databases[db].expire_at(databases[db].set_string(key, "v"), clock.wall + lives_ms);
    }
  }

  SlowClock clock;
  SilentSink sink;
  keyspace::Databases databases;
  ExpirySweep sweep{databases, clock};
};

}  // namespace

TEST_CASE("sweep: all that is overdue goes, in every database, and nothing else") {
  Fixture f;
  for (int db = 0; db < 16; db += 5) {
    f.fill(db, "goes", 5000, 10);
    f.fill(db, "later", 100, 1000);
    f.databases[db].set_string("stays", "v");
  }
  CHECK(f.sweep.run(1000) == 0);
  f.advance_ms(10);
  // A shrinking table moves some keys to where the cursor has been: few, so that they may wait for the next sweep.
  size_t all = f.sweep.run(1000);
  CHECK(all > 4 * 4500);
  for (int i = 0; i < 20; ++i) all += f.sweep.run(1000);
  CHECK(all == 4 * 5000);
  CHECK(f.sink.removed == 4 * 5000);
  for (int db = 0; db < 16; db += 5) {
    CHECK(f.databases[db].size() == 101);
    CHECK(f.databases[db].volatile_count() == 100);
  }
  CHECK(f.databases.environment().expiry_cut_short == 0);
}

TEST_CASE("sweep: it stops when its time is over, and the next one goes on") {
  Fixture f;
  f.fill(0, "goes", 10'000, 10);
  f.advance_ms(10);
  f.clock.step_us = 100;
  const size_t first = f.sweep.run(1000);
  CHECK(first >= 10 * 200);
  CHECK(first <= 10 * 220);
  CHECK(f.databases.environment().expiry_cut_short == 1);
  size_t sweeps = 1;
  for (size_t all = first; all < 10'000; ++sweeps) all += f.sweep.run(1000);
  CHECK(sweeps >= 5);
  CHECK(sweeps <= 10);
  CHECK(f.databases[0].size() == 0);
}

TEST_CASE("sweep: a full database does not starve the others") {
  Fixture f;
  f.fill(0, "goes", 10'000, 10);
  f.fill(1, "goes", 10, 10);
  f.advance_ms(10);
  f.clock.step_us = 100;
  f.sweep.run(200);
  f.sweep.run(200);
  CHECK(f.databases[1].size() == 0);
  CHECK(f.databases[0].size() > 9000);
}

TEST_CASE("sweep: it leaves early when little is overdue, and a round of sweeps finds all of it") {
  Fixture f;
  f.fill(0, "later", 10'000, 1'000'000);
  f.fill(0, "goes", 100, 10);
  f.advance_ms(10);
  CHECK(f.sweep.run(1'000'000) < 50);
  for (int i = 0; i < 60; ++i) f.sweep.run(1'000'000);
  CHECK(f.databases[0].size() == 10'000);
}

TEST_CASE("sweep: on a replica, and while loading, nobody sweeps") {
  Fixture f;
  f.fill(0, "goes", 100, 10);
  f.advance_ms(10);
  for (const auto mode : {keyspace::ExpiryMode::Hide, keyspace::ExpiryMode::Ignore}) {
    f.databases.environment().expiry = mode;
    CHECK(f.sweep.run(1000) == 0);
  }
  CHECK(f.databases[0].size() == 100);
}

TEST_CASE("sweep: after random operations the counts and the keys are those of a map") {
  Fixture f;
  keyspace::Keyspace& keys = f.databases[0];
  std::map<std::string, keyspace::UnixMs> model;
  util::Random random(17);
  for (int step = 0; step < 30'000; ++step) {
    const std::string key = std::to_string(random.next() % 3000);
    keyspace::Entry* entry = keys.find(key, keyspace::LookupFlags::Peek);
    if (entry == nullptr) model.erase(key);  // it may have expired
    switch (random.next() % 6) {
      case 0:
      case 1:
        keys.set_string(key, "v");
        model[key] = keyspace::kNever;
        break;
      case 2:
      case 3:
        if (entry == nullptr) break;
        model[key] = f.clock.wall + 1 + static_cast<int64_t>(random.next() % 100);
        keys.expire_at(entry, model[key]);
        break;
      case 4:
        if (entry == nullptr) break;
        keys.persist(entry);
        model[key] = keyspace::kNever;
        break;
      default:
        if (keys.erase(key)) model.erase(key);
    }
    if (step % 100 != 0) continue;
    f.advance_ms(7);
    for (int i = 0; i < 40; ++i) f.sweep.run(1'000'000);
    std::erase_if(model, [&](const auto& each) {
      return each.second != keyspace::kNever && each.second <= f.clock.wall;
    });
    size_t with_deadline = 0;
    for (const auto& each : model) with_deadline += each.second != keyspace::kNever;
    REQUIRE(keys.size() == model.size());
    REQUIRE(keys.volatile_count() == with_deadline);
  }
}

}  // namespace expiry
