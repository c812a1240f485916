// SPDX-License-Identifier: MIT
//
// Waiting for keys: who runs again when a key changes, and who waits on.
#include "shared/command/key_waits.h"

#include <string>

#include "shared/command/context.h"
#include "shared/command/executor.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/in_process_server.h"

namespace command {

namespace {

int asked = 0;

// AWAIT key …: the first key that there is, deleted.
void await(Context& c) {
  ++asked;
  for (const std::string_view key : c.args(1)) {
    if (c.db().find(key, keyspace::LookupFlags::Write) == nullptr) continue;
    c.reply().bulk(key);
    c.db().erase(key);
    return c.changed(keyspace::Event::Generic, "del", key);
  }
  if (c.timed_out()) return c.reply().null();
  c.get<KeyWaits>().wait(c, c.args(1), 0, {keyspace::TypeId::String, c.command().name == "heed"});
}
// PUT key: a string; FOREIGN key: announces a change of a key that is not there.
void put(Context& c) {
  c.db().set_string(c.arg(1), "value");
  c.changed(keyspace::Event::String, "set", c.arg(1));
  c.reply().ok();
}
void foreign(Context& c) {
  c.changed(keyspace::Event::List, "rpush", c.arg(1));
  c.reply().ok();
}

constexpr CommandRow kRows[] = {{.name = "await", .arity = -2, .flags = kBlocking | kWrite, .run = await},
                                {.name = "heed", .arity = -2, .flags = kBlocking | kWrite, .run = await},
                                {.name = "put", .arity = 2, .flags = kWrite, .run = put},
                                {.name = "foreign", .arity = 2, .flags = kWrite, .run = foreign}};

struct Fixture {
  std::unique_ptr<KeyWaits> waits;
  testing::InProcessServer tested{[this](server::Server& s) {
    s.add_commands(kRows);
    waits = std::make_unique<KeyWaits>(s.blocking, s.databases);
    s.executor.changes().listen(*waits);
    s.parts.provide(*waits);
  }};
  Client& first = tested.add_client();
  Client& second = tested.add_client();
  Fixture() { asked = 0; }
};

}  // namespace

TEST_CASE("key waits: the one who came first is served, the other is not even asked") {
  Fixture f;
  f.tested.run(f.first, {"AWAIT", "key"});
  f.tested.run(f.second, {"AWAIT", "key"});
  CHECK(f.waits->size() == 1);
  f.tested.run({"PUT", "key"});
  CHECK(asked == 3);
  CHECK_FALSE(f.first.blocked);
  CHECK(f.second.blocked);
  f.tested.run({"PUT", "key"});
  CHECK_FALSE(f.second.blocked);
  CHECK(f.waits->size() == 0);
}

TEST_CASE("key waits: a key that does not hold what is awaited wakes nobody") {
  Fixture f;
  f.tested.run(f.first, {"AWAIT", "key"});
  f.tested.run({"FOREIGN", "key"});
  CHECK(asked == 1);
  CHECK(f.first.blocked);
}

TEST_CASE("key waits: who waits for the end of a key, too, is asked when it is missing") {
  Fixture f;
  f.tested.run(f.first, {"HEED", "key"});
  CHECK(f.waits->size_with_missing() == 1);
  f.tested.run({"FOREIGN", "key"});
  CHECK(asked == 2);
  CHECK(f.first.blocked);  // it chose to wait on
}

TEST_CASE("key waits: any of several keys will do, and a command leaves all queues at once") {
  Fixture f;
  f.tested.run(f.first, {"AWAIT", "one", "two"});
  CHECK(f.waits->size() == 2);
  f.tested.run({"PUT", "two"});
  CHECK_FALSE(f.first.blocked);
  CHECK(f.waits->size() == 0);
  f.tested.run({"PUT", "one"});
  CHECK(asked == 2);
}

TEST_CASE("key waits: ending all answers everybody with the error") {
  Fixture f;
  f.tested.run(f.first, {"AWAIT", "key"});
  f.tested.run(f.second, {"AWAIT", "key"});
  f.tested.server().blocking.end_all("UNBLOCKED");
  CHECK_FALSE(f.first.blocked);
  CHECK(f.second.close_after_reply);
  CHECK(f.tested.server().blocking.blocked_count() == 0);
}

}  // namespace command
