// SPDX-License-Identifier: MIT
#include "10-full-server/replica_expiry/own_deadlines.h"

#include "shared/testing/catch.h"

namespace replica_expiry {

using keyspace::Event;
using keyspace::ExpiryMode;

namespace {

struct Fixture {
  Fixture() {
    databases.open(3);
    keyspace::Environment& environment = databases.environment();
    environment.sink = &own;
    environment.now = 1000;
    environment.set_expiry(ExpiryMode::Hide);
  }
  // As a command does it: first the change, then its report.
  void set(int db, std::string_view key, keyspace::UnixMs deadline) {
    keyspace::Entry* entry = databases[db].set_string(key, "v");
    if (deadline != keyspace::kNever) databases[db].expire_at(entry, deadline);
    own.on_change({db, key, Event::String, "set", 1});
  }
  size_t run(size_t most = 1000) { return own.run(most); }

  keyspace::Databases databases;
  OwnDeadlines own{databases};
};

}  // namespace

TEST_CASE("own deadlines: a replica deletes what its own clients let expire, when it has") {
  Fixture f;
  f.set(0, "soon", 1010);
  f.set(2, "later", 5000);
  f.set(0, "forever", keyspace::kNever);
  CHECK(f.own.size() == 2);
  CHECK(f.run() == 0);
  f.databases.environment().now = 1010;
  CHECK(f.run() == 1);
  CHECK(f.databases[0].peek("soon") == nullptr);
  CHECK(f.databases[0].peek("forever") != nullptr);
  CHECK(f.own.size() == 1);
  f.databases.environment().now = 5000;
  CHECK(f.run() == 1);
  CHECK(f.databases[2].size() == 0);
  CHECK(f.own.size() == 0);
}

TEST_CASE("own deadlines: the master's keys are the master's affair") {
  Fixture f;
  f.databases.environment().expiry = ExpiryMode::Ignore;  // its stream is being applied
  f.set(0, "k", 1001);
  f.databases.environment().expiry = ExpiryMode::Hide;
  f.databases.environment().now = 2000;
  CHECK(f.run() == 0);
  CHECK(f.databases[0].peek("k") != nullptr);
}

TEST_CASE("own deadlines: a key that lost its deadline, or is gone, is forgotten") {
  Fixture f;
  f.set(0, "a", 1001);
  f.set(0, "b", 1001);
  f.set(0, "c", 1001);
  f.databases[0].persist(f.databases[0].peek("a"));
  f.databases[0].erase("b");
  f.databases.environment().now = 2000;
  CHECK(f.run() == 1);
  CHECK(f.databases[0].peek("a") != nullptr);
  CHECK(f.own.size() == 0);
}

TEST_CASE("own deadlines: nothing expires during a pause; a master forgets") {
  Fixture f;
  f.set(0, "k", 1001);
  f.databases.environment().now = 2000;
  f.databases.environment().set_paused(true);
  CHECK(f.run() == 0);
  CHECK(f.own.size() == 1);
  f.databases.environment().set_paused(false);
  f.databases.environment().set_expiry(ExpiryMode::Delete);
  CHECK(f.run() == 0);
  CHECK(f.own.size() == 0);
}

TEST_CASE("own deadlines: a flush of one database forgets its keys only") {
  Fixture f;
  f.set(0, "a", 1001);
  f.set(1, "b", 1001);
  f.set(1, "c", 1001);
  f.set(2, "d", 1001);
  f.own.on_flush(1, 2);
  CHECK(f.own.size() == 2);
}

TEST_CASE("own deadlines: a pass is short, and the next goes on behind it") {
  Fixture f;
  for (int i = 0; i < 100; ++i) f.set(i % 3, std::to_string(i), i % 2 == 0 ? 1001 : 9000);
  f.databases.environment().now = 2000;
  size_t deleted = 0;
  for (int pass = 0; pass < 10; ++pass) deleted += f.run(10);
  CHECK(deleted == 50);
  CHECK(f.own.size() == 50);
}

}  // namespace replica_expiry
