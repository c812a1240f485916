// SPDX-License-Identifier: MIT
//
// Transactions: what is queued, what spoils, what watching sees.
#include <string>

#include "10-full-server/stages.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/recording_server.h"

namespace full_server {

namespace {

struct Fixture : testing::RecordingServer {
  Fixture() : RecordingServer([](server::Server& s) { compose_stages(s); }) {}
  command::Client& other = add_client();
};

constexpr std::string_view kAborted = "-EXECABORT Transaction discarded because of previous errors.\r\n";

}  // namespace

TEST_CASE("transaction: queued, then run, with all replies in one") {
  Fixture f;
  CHECK(f.run({"MULTI"}) == "+OK\r\n");
  CHECK(f.run({"SET", "a", "1"}) == "+QUEUED\r\n");
  CHECK(f.run({"INCR", "a"}) == "+QUEUED\r\n");
  CHECK(f.run(f.other, {"GET", "a"}) == testing::kNull);
  CHECK(f.run({"EXEC"}) == "*2\r\n+OK\r\n:2\r\n");
  CHECK(f.run({"EXEC"}) == "-ERR EXEC without MULTI\r\n");
  f.run({"MULTI"});
  CHECK(f.run({"EXEC"}) == "*0\r\n");
}

TEST_CASE("transaction: an error while running spoils nothing, one while queuing everything") {
  Fixture f;
  f.run({"SET", "text", "x"});
  f.run({"MULTI"});
  f.run({"INCR", "text"});
  f.run({"SET", "b", "1"});
  CHECK(f.run({"EXEC"}) == "*2\r\n-ERR value is not an integer or out of range\r\n+OK\r\n");
  for (const auto& bad : {"NOSUCH", "GET", "SAVE"}) {
    f.run({"MULTI"});
    CHECK(f.run({"SET", "c", "1"}) == "+QUEUED\r\n");
    CHECK(f.run({bad}).starts_with("-ERR"));
    CHECK(f.run({"EXEC"}) == kAborted);
    CHECK(f.run({"GET", "c"}) == testing::kNull);
  }
}

TEST_CASE("transaction: nested, watched within, discarded, reset") {
  Fixture f;
  f.run({"MULTI"});
  CHECK(f.run({"MULTI"}) == "-ERR MULTI calls can not be nested\r\n");
  CHECK(f.run({"WATCH", "k"}) == "-ERR WATCH inside MULTI is not allowed\r\n");
  f.run({"SET", "k", "v"});
  CHECK(f.run({"DISCARD"}) == "+OK\r\n");
  CHECK(f.run({"DISCARD"}) == "-ERR DISCARD without MULTI\r\n");
  f.run({"MULTI"});
  CHECK(f.run({"RESET"}) == "+RESET\r\n");
  CHECK(f.run({"EXISTS", "k"}) == ":0\r\n");
}

TEST_CASE("transaction: EXEC does nothing when something watched has changed") {
  Fixture f;
  const auto survives = [&](auto between) {
    f.run({"SET", "k", "v"});
    f.run({"WATCH", "k", "k2"});
    between();
    f.run({"MULTI"});
    f.run({"SET", "done", "1"});
    return f.run({"EXEC"}) == "*1\r\n+OK\r\n";
  };
  CHECK(survives([] {}));
  CHECK(survives([&] { f.run(f.other, {"GET", "k"}); }));
  CHECK(survives([&] { f.run(f.other, {"SET", "k3", "x"}); }));
  CHECK(survives([&] { f.run(f.other, {"DEL", "k2"}); }));  // nothing there before or after
  CHECK(survives([&] {
    f.run(f.other, {"SET", "k", "w"});
    f.run({"UNWATCH"});
  }));
  CHECK_FALSE(survives([&] { f.run(f.other, {"SET", "k", "w"}); }));
  CHECK_FALSE(survives([&] { f.run(f.other, {"SET", "k2", "w"}); }));
  CHECK_FALSE(survives([&] { f.run({"APPEND", "k", "w"}); }));  // by itself
  CHECK_FALSE(survives([&] { f.run(f.other, {"DEL", "k"}); }));
  CHECK_FALSE(survives([&] { f.run(f.other, {"FLUSHALL"}); }));
  CHECK_FALSE(survives([&] { f.run(f.other, {"SWAPDB", "0", "1"}); }));
  CHECK_FALSE(survives([&] { f.run(f.other, {"EXPIRE", "k", "100"}); }));
  CHECK_FALSE(survives([&] {
    f.run(f.other, {"PEXPIRE", "k", "10"});
    f.run({"UNWATCH"});
    f.run({"WATCH", "k"});
    f.advance_ms(10);  // overdue, and nobody has looked at it
  }));
}

TEST_CASE("transaction: a key that was overdue when it was watched is no key") {
  Fixture f;
  f.server().databases.environment().expiry = keyspace::ExpiryMode::Hide;  // nobody deletes it meanwhile
  f.run({"SET", "k", "v"});
  keyspace::Keyspace& db = f.server().databases[0];
  db.expire_at(db.peek("k"), f.clock().wall_ms() - 1);
  f.run({"WATCH", "k"});
  f.server().databases.environment().expiry = keyspace::ExpiryMode::Delete;
  f.run({"EXISTS", "k"});  // removes it
  f.run({"MULTI"});
  CHECK(f.run({"EXEC"}) == "*0\r\n");
}

TEST_CASE("transaction: each of its commands says what it did; EXEC says nothing") {
  Fixture f;
  f.passed_on();
  f.run({"MULTI"});
  f.run({"SET", "a", "1", "EX", "100"});
  f.run({"GET", "a"});
  f.run({"INCR", "n"});
  CHECK(f.passed_on().empty());
  f.run({"EXEC"});
  const std::string heard = f.passed_on();
  CHECK(heard.starts_with("SET a 1 PXAT "));
  CHECK(heard.ends_with(";INCR n"));
}

TEST_CASE("transaction: a client that goes leaves nothing behind") {
  Fixture f;
  f.run(f.other, {"WATCH", "k"});
  f.run(f.other, {"MULTI"});
  f.run(f.other, {"SET", "k", "v"});
  f.other.parts.clear();
  CHECK(f.other.queue == nullptr);
  CHECK(f.run({"SET", "k", "w"}) == "+OK\r\n");
}

TEST_CASE("transaction: what belongs to a stream's groups does not change the stream") {
  Fixture f;
  f.run({"XADD", "s", "1-1", "a", "1"});
  f.run({"XADD", "s", "2-1", "a", "1"});
  const auto survives = [&](std::initializer_list<std::string_view> words) {
    f.run({"WATCH", "s"});
    f.run(f.other, words);
    f.run({"MULTI"});
    return f.run({"EXEC"}) == "*0\r\n";
  };
  CHECK(survives({"XGROUP", "CREATE", "s", "g", "0"}));
  CHECK(survives({"XGROUP", "CREATECONSUMER", "s", "g", "c"}));
  CHECK(survives({"XREADGROUP", "GROUP", "g", "d", "STREAMS", "s", ">"}));
  CHECK(survives({"XCLAIM", "s", "g", "c", "0", "1-1"}));
  CHECK(survives({"XAUTOCLAIM", "s", "g", "c", "0", "0"}));
  CHECK(survives({"XACK", "s", "g", "1-1"}));
  CHECK(survives({"XGROUP", "SETID", "s", "g", "0"}));
  CHECK(survives({"XSETID", "s", "5-0"}));
  CHECK(survives({"XGROUP", "DELCONSUMER", "s", "g", "c"}));
  CHECK(survives({"XGROUP", "DESTROY", "s", "g"}));
  CHECK_FALSE(survives({"XDEL", "s", "1-1"}));
  CHECK_FALSE(survives({"XADD", "s", "6-0", "a", "1"}));
  f.run({"WATCH", "new"});
  f.run(f.other, {"XGROUP", "CREATE", "new", "g", "$", "MKSTREAM"});
  f.run({"MULTI"});
  CHECK(f.run({"EXEC"}) == "*-1\r\n");
}

}  // namespace full_server
