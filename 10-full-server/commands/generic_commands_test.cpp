// SPDX-License-Identifier: MIT
#include "10-full-server/stages.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/recording_server.h"

namespace full_server {

using testing::bulk;
using testing::kNull;
using testing::RecordingServer;

static std::string payload_of(RecordingServer& server, std::string_view key) {
  const std::string dumped = server.run({"DUMP", key});
  const size_t start = dumped.find('\n') + 1;
  return dumped.substr(start, dumped.size() - start - 2);
}

TEST_CASE("RESTORE for longer than time can tell deletes") {
  RecordingServer server(compose_stages);
  server.run({"SET", "k", "v"});
  const std::string payload = payload_of(server, "k");
  CHECK(server.run({"RESTORE", "k", "9223372036854775807", payload, "REPLACE"}) == "+OK\r\n");
  CHECK(server.run({"EXISTS", "k"}) == ":0\r\n");
}

TEST_CASE("a value of any type is renamed, copied, moved and removed") {
  RecordingServer server(compose_stages);
  server.put_other("k");
  CHECK(server.run({"COPY", "k", "copied"}) == ":1\r\n");
  CHECK(server.run({"RENAMENX", "k", "renamed"}) == ":1\r\n");
  CHECK(server.run({"MOVE", "renamed", "1"}) == ":1\r\n");
  CHECK(server.run({"UNLINK", "copied"}) == ":1\r\n");
  CHECK(server.events() ==
        "0:copy_to:copied 0:rename_from:k 0:rename_to:renamed 0:move_from:renamed "
        "1:move_to:renamed 0:del:copied");
  CHECK(server.passed_on() == "COPY k copied;RENAMENX k renamed;MOVE renamed 1;UNLINK copied");
  server.run({"SELECT", "1"});
  CHECK(server.run({"TYPE", "renamed"}) == "+other\r\n");
  CHECK(server.run({"OBJECT", "ENCODING", "renamed"}) == bulk("word"));
}

TEST_CASE("what changes nothing reports nothing") {
  RecordingServer server(compose_stages);
  server.run({"MSET", "a", "1", "b", "2"});
  server.events();
  server.passed_on();
  server.run({"RENAMENX", "a", "b"});
  server.run({"RENAMENX", "a", "a"});
  server.run({"COPY", "a", "b"});
  server.run({"COPY", "a", "c", "DB", "99"});
  server.run({"MOVE", "missing", "1"});
  server.run({"UNLINK", "missing"});
  server.run({"TOUCH", "a"});
  CHECK(server.events().empty());
  CHECK(server.passed_on().empty());
}

TEST_CASE("an expired key is in nobody's way") {
  RecordingServer server(compose_stages);
  server.run({"SET", "a", "1"});
  for (const std::string_view key : {"b", "c"}) server.run({"SET", key, "old", "PX", "10"});
  server.run({"COPY", "b", "a", "DB", "1"});
  server.advance_ms(10);
  server.events();
  CHECK(server.run({"RENAMENX", "a", "b"}) == ":1\r\n");
  CHECK(server.events() == "0:expired:b 0:rename_from:a 0:rename_to:b");
  CHECK(server.run({"COPY", "b", "c"}) == ":1\r\n");
  CHECK(server.run({"RENAME", "b", "a"}) == "+OK\r\n");
  CHECK(server.run({"MOVE", "a", "1"}) == ":1\r\n");
  CHECK(server.run({"RENAME", "a", "x"}) == "-ERR no such key\r\n");
  server.run({"SELECT", "1"});
  CHECK(server.run({"GET", "a"}) == bulk("1"));
}

TEST_CASE("COPY leaves two values that know nothing of each other") {
  RecordingServer server(compose_stages);
  const std::string text(1000, 'x');
  server.run({"SET", "a", text, "PX", "50"});
  CHECK(server.run({"COPY", "a", "b"}) == ":1\r\n");
  server.run({"SETRANGE", "a", "0", "y"});
  CHECK(server.run({"GET", "b"}) == bulk(text));
  CHECK(server.run({"PTTL", "b"}) == ":50\r\n");
  server.run({"SET", "plain", "v"});
  CHECK(server.run({"COPY", "plain", "b", "REPLACE"}) == ":1\r\n");
  CHECK(server.run({"PTTL", "b"}) == ":-1\r\n");
}

TEST_CASE("SWAPDB exchanges deadlines too, and is always passed on") {
  RecordingServer server(compose_stages);
  server.run({"SET", "soon", "v", "PX", "10"});
  server.events();
  server.passed_on();
  CHECK(server.run({"SWAPDB", "0", "1"}) == "+OK\r\n");
  CHECK(server.events() == "0:flush: 1:flush:");
  CHECK(server.run({"SWAPDB", "2", "2"}) == "+OK\r\n");
  CHECK(server.passed_on() == "SWAPDB 0 1;SWAPDB 2 2");
  CHECK(server.events().empty());
  CHECK(server.server().databases[1].volatile_count() == 1);
  server.advance_ms(10);
  server.run({"SELECT", "1"});
  CHECK(server.run({"GET", "soon"}) == kNull);
}

TEST_CASE("RANDOMKEY finds every key, and no expired one") {
  RecordingServer server(compose_stages);
  server.run({"MSET", "a", "1", "b", "2"});
  server.run({"SET", "c", "3", "PX", "10"});
  server.advance_ms(10);
  bool a = false, b = false;
  for (int i = 0; i < 1000; ++i) {
    const std::string key = server.run({"RANDOMKEY"});
    a |= key == bulk("a");
    b |= key == bulk("b");
    REQUIRE(key != bulk("c"));
  }
  CHECK((a && b));
  server.run({"UNLINK", "a", "b"});
  server.client().reply.set_protocol(3);
  CHECK(server.run({"RANDOMKEY"}) == "_\r\n");
}

namespace {

struct NewKeys : keyspace::ChangeSink {
  void on_change(const keyspace::Change&) override {}
  void on_removed(const keyspace::Removal&) override {}
  void on_flush(int, int64_t) override {}
  void on_new(int db, std::string_view key) override {
    heard.append(std::to_string(db)).append(":").append(key).append(" ");
  }
  void on_miss(int, std::string_view key) override { heard.append("no ").append(key).append(" "); }
  std::string take() { return std::exchange(heard, {}); }
  std::string heard;
};

}  // namespace

TEST_CASE("a key that another one replaces begins to be once more; a new value does not do that") {
  RecordingServer server(compose_stages);
  NewKeys keys;
  server.server().executor.changes().listen(keys);
  server.server().databases.environment().report_new = true;
  server.run({"MSET", "a", "1", "b", "2"});
  server.run({"SET", "b", "3"});
  CHECK(keys.take() == "0:a 0:b ");
  server.run({"COPY", "a", "b", "REPLACE"});
  CHECK(keys.take() == "0:b ");
  server.run({"RENAME", "a", "b"});
  CHECK(keys.take() == "0:b ");
  CHECK(server.run({"RESTORE", "b", "0", payload_of(server, "b"), "REPLACE"}) == "+OK\r\n");
  CHECK(keys.take() == "0:b ");
  CHECK(server.run({"GET", "b"}) == bulk("1"));
}

TEST_CASE("nobody hears of a miss when it was only asked how a value is kept") {
  RecordingServer server(compose_stages);
  NewKeys keys;
  server.server().executor.changes().listen(keys);
  for (const std::string_view word : {"ENCODING", "FREQ", "IDLETIME", "REFCOUNT"}) {
    server.run({"OBJECT", word, "missing"});
  }
  server.run({"MEMORY", "USAGE", "missing"});
  CHECK(keys.take().empty());
  CHECK(server.server().databases.environment().misses == 4);
  server.run({"TYPE", "missing"});
  CHECK(keys.take() == "no missing ");
}

}  // namespace full_server
