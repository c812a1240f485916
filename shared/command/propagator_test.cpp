// SPDX-License-Identifier: MIT
//
// What leaves an execution for the log and the replicas, byte by byte.
#include "shared/command/propagator.h"

#include <string>

#include "shared/command/context.h"
#include "shared/command/executor.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/in_process_server.h"

namespace command {

namespace {

void set(Context& c) {
  c.db().find(c.arg(1), keyspace::LookupFlags::Write);  // removes what has expired
  c.db().set_string(c.arg(1), c.arg(2));
  c.changed(keyspace::Event::String, "set", c.arg(1));
  c.reply().ok();
}
void get(Context& c) { c.db().find(c.arg(1)) ? c.reply().ok() : c.reply().null(); }
void twice(Context& c) {
  c.propagate().as({"SET", "a", "1"}).as({"SET", "b", "2"});
  c.reply().ok();
}
void shout(Context& c) {
  c.propagate().to_replicas({"PUBLISH", "news", c.arg(1)});
  c.reply().ok();
}
// A command that runs commands, as EXEC does.
void both(Context& c) {
  auto& executor = c.get<server::Server>().executor;
  const std::string_view one[] = {"set", "a", "1"}, two[] = {"set", "b", "2"};
  executor.execute(c.client(), one);
  executor.execute(c.client(), two);
  c.propagate().nothing();
}
// As SCAN does: meets keys, and removes what has expired.
void meet_all(Context& c) {
  c.db().find("a");
  c.db().find("b");
  c.reply().ok();
}
void meet_all_inside(Context& c) {
  const std::string_view request[] = {"meet"};
  c.get<server::Server>().executor.execute(c.client(), request);
}

constexpr CommandRow kRows[] = {{.name = "set", .arity = 3, .flags = kWrite, .run = set},
                                {.name = "get", .arity = 2, .flags = kReadOnly, .run = get},
                                {.name = "twice", .arity = 1, .flags = kWrite, .run = twice},
                                {.name = "meet", .arity = 1, .flags = kReadOnly | kTouchesArbitraryKeys, .run = meet_all},
                                {.name = "inside", .arity = 1, .run = meet_all_inside},
                                {.name = "shout", .arity = 2, .run = shout},
                                {.name = "both", .arity = 1, .flags = kWrite, .run = both}};

// "0:SET a 1|0:DEL b", out of whole requests.
struct Reader final : StreamConsumer {
  explicit Reader(Audience of) : kind(of) {}
  Audience audience() const override { return kind; }
  void consume(int db, std::string_view request) override {
    if (!heard.empty()) heard += '|';
    heard += std::to_string(db) + ":";
    resp::ParserLimits limits;
    resp::RequestParser parser(limits);
    resp::Batch batch;
    REQUIRE(parser.parse(request, batch) == resp::RequestParser::Status::NeedInput);
    REQUIRE(batch.size() == 1);
    REQUIRE(batch[0].end == request.size());
    for (size_t i = 0; i < batch.args(0).size(); ++i) heard.append(i == 0 ? "" : " ").append(batch.args(0)[i]);
  }
  std::string take() { return std::exchange(heard, {}); }
  Audience kind;
  std::string heard;
};

struct Fixture {
  Fixture() {
    server.server().propagator.add(log);
    server.server().propagator.add(replicas);
  }
  Reader log{Audience::Log}, replicas{Audience::Replicas};
  testing::InProcessServer server{[](server::Server& s) { s.add_commands(kRows); }};
};

}  // namespace

TEST_CASE("propagator: every consumer hears a change, as one request") {
  Fixture f;
  f.server.run({"set", "name", "Ada"});
  f.server.run({"get", "name"});
  CHECK(f.log.take() == "0:set name Ada");
  CHECK(f.replicas.take() == "0:set name Ada");
}

TEST_CASE("propagator: the bytes are the request's") {
  Fixture f;
  struct Bytes final : StreamConsumer {
    Audience audience() const override { return Audience::Log; }
    void consume(int, std::string_view request) override { bytes.append(request); }
    std::string bytes;
  } bytes;
  f.server.server().propagator.add(bytes);
  f.server.run({"set", "k", ""});
  CHECK(bytes.bytes == "*3\r\n$3\r\nset\r\n$1\r\nk\r\n$0\r\n\r\n");
}

TEST_CASE("propagator: several requests of one execution are one transaction") {
  Fixture f;
  f.server.run({"twice"});
  CHECK(f.log.take() == "0:MULTI|0:SET a 1|0:SET b 2|0:EXEC");
  f.server.run({"both"});
  CHECK(f.log.take() == "0:MULTI|0:set a 1|0:set b 2|0:EXEC");
}

TEST_CASE("propagator: what only replicas need stays out of the log") {
  Fixture f;
  f.server.run({"shout", "hello"});
  CHECK(f.log.take().empty());
  CHECK(f.replicas.take() == "0:PUBLISH news hello");
}

TEST_CASE("propagator: a key that expired is a DEL, together with the command that met it") {
  Fixture f;
  keyspace::Keyspace& db = f.server.server().databases[0];
  db.expire_at(db.set_string("k", "v"), f.server.clock().wall_ms() + 10);
  f.server.advance_ms(10);
  f.server.run({"get", "k"});
  CHECK(f.log.take() == "0:DEL k");
  db.expire_at(db.set_string("k", "v"), f.server.clock().wall_ms() + 10);
  f.server.advance_ms(10);
  f.server.run({"set", "k", "w"});
  CHECK(f.log.take() == "0:MULTI|0:DEL k|0:set k w|0:EXEC");
  db.expire_at(db.set_string("k", "v"), f.server.clock().wall_ms() + 10);
  f.server.advance_ms(10);
  CHECK(db.find("k") == nullptr);  // outside any command, as the sweep does
  CHECK(f.log.take() == "0:DEL k");
}

TEST_CASE("propagator: what a command of arbitrary keys removes is no transaction, except inside another command") {
  Fixture f;
  keyspace::Keyspace& db = f.server.server().databases[0];
  const auto expire_both = [&] {
    for (const std::string_view key : {"a", "b"}) db.expire_at(db.set_string(key, "v"), f.server.clock().wall_ms() + 10);
    f.server.advance_ms(10);
  };
  expire_both();
  f.server.run({"meet"});
  CHECK(f.log.take() == "0:DEL a|0:DEL b");
  expire_both();
  f.server.run({"inside"});
  CHECK(f.log.take() == "0:MULTI|0:DEL a|0:DEL b|0:EXEC");
  f.server.run({"twice"});  // nothing is left of the flag
  CHECK(f.log.take() == "0:MULTI|0:SET a 1|0:SET b 2|0:EXEC");
}

TEST_CASE("propagator: switched off, it passes nothing on") {
  Fixture f;
  f.server.server().propagator.set_enabled(false);
  f.server.run({"set", "k", "v"});
  f.server.server().propagator.set_enabled(true);
  CHECK(f.log.take().empty());
}

}  // namespace command
