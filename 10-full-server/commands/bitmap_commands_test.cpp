// SPDX-License-Identifier: MIT
#include "10-full-server/stages.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/recording_server.h"

namespace full_server {

using testing::bulk;
using testing::kWrongType;
using testing::RecordingServer;

TEST_CASE("SETBIT reports what it changed, and a value that grew") {
  RecordingServer server(compose_stages);
  CHECK(server.run({"SETBIT", "k", "7", "0"}) == ":0\r\n");
  CHECK(server.run({"SETBIT", "k", "6", "1"}) == ":0\r\n");
  CHECK(server.events() == "0:setbit:k 0:setbit:k");
  CHECK(server.run({"SETBIT", "k", "6", "1"}) == ":1\r\n");
  CHECK(server.events().empty());
  CHECK(server.passed_on() == "SETBIT k 7 0;SETBIT k 6 1");
  CHECK(server.run({"SETBIT", "k", "9", "0"}) == ":0\r\n");
  CHECK(server.run({"GET", "k"}) == bulk(std::string_view("\2\0", 2)));
  CHECK(server.run({"SET", "n", "1"}) == "+OK\r\n");
  CHECK(server.run({"SETBIT", "n", "0", "0"}) == ":0\r\n");
  CHECK(server.run({"OBJECT", "ENCODING", "n"}) == bulk("raw"));
}

TEST_CASE("bitmap commands refuse other types, and nothing happens") {
  RecordingServer server(compose_stages);
  server.put_other("other");
  server.run({"SET", "k", "v"});
  server.events();
  server.passed_on();
  CHECK(server.run({"SETBIT", "other", "0", "1"}) == kWrongType);
  CHECK(server.run({"SETBIT", "other", "0", "2"}) ==
        "-ERR bit is not an integer or out of range\r\n");
  CHECK(server.run({"GETBIT", "other", "0"}) == kWrongType);
  CHECK(server.run({"BITCOUNT", "other", "x"}) == kWrongType);
  CHECK(server.run({"BITPOS", "other", "1", "x"}) == kWrongType);
  CHECK(server.run({"BITOP", "OR", "k", "k", "other"}) == kWrongType);
  CHECK(server.run({"BITFIELD", "other", "GET", "u8", "0"}) == kWrongType);
  CHECK(server.run({"BITFIELD", "other", "SET", "u8", "0", "1"}) == kWrongType);
  CHECK(server.events().empty());
  CHECK(server.passed_on().empty());
}

TEST_CASE("BITOP stores over what was there, and deletes where nothing comes out") {
  RecordingServer server(compose_stages);
  server.run({"SET", "a", "abc"});
  server.put_other("target");
  server.events();
  CHECK(server.run({"BITOP", "AND", "target", "a", "a"}) == ":3\r\n");
  CHECK(server.run({"GET", "target"}) == bulk("abc"));
  CHECK(server.run({"BITOP", "NOT", "target", "missing"}) == ":0\r\n");
  CHECK(server.run({"EXISTS", "target"}) == ":0\r\n");
  CHECK(server.events() == "0:set:target 0:del:target");
  CHECK(server.run({"BITOP", "NOT", "target", "missing"}) == ":0\r\n");
  CHECK(server.events().empty());
}

TEST_CASE("BITFIELD reports once for all its operations, and nothing when it only reads") {
  RecordingServer server(compose_stages);
  CHECK(server.run({"BITFIELD", "k", "GET", "u8", "0"}) == "*1\r\n:0\r\n");
  CHECK(server.run({"EXISTS", "k"}) == ":0\r\n");
  CHECK(server.run({"BITFIELD", "k", "SET", "u8", "0", "255", "INCRBY", "u8", "#1", "3"}) ==
        "*2\r\n:0\r\n:3\r\n");
  CHECK(server.events() == "0:setbit:k");
  CHECK(server.passed_on() == "BITFIELD k SET u8 0 255 INCRBY u8 #1 3");
  CHECK(server.run({"BITFIELD", "k", "OVERFLOW", "FAIL", "INCRBY", "u8", "0", "1"}) ==
        "*1\r\n$-1\r\n");
  CHECK(server.run({"BITFIELD_RO", "k", "GET", "i8", "0"}) == "*1\r\n:-1\r\n");
  CHECK(server.events().empty());
  CHECK(server.passed_on().empty());
}

TEST_CASE("BITFIELD counts each operation that wrote into a value that grew") {
  RecordingServer server(compose_stages);
  const auto changes = [&](std::initializer_list<std::string_view> words) {
    const int64_t before = server.server().executor.changes().changes();
    server.run(words);
    return server.server().executor.changes().changes() - before;
  };
  CHECK(changes({"BITFIELD", "b", "SET", "u8", "0", "0", "SET", "u8", "8", "0"}) == 2);
  CHECK(changes({"BITFIELD", "b", "SET", "u8", "0", "0", "SET", "u8", "8", "5"}) == 1);
  CHECK(changes({"BITFIELD", "b", "SET", "u8", "0", "0"}) == 0);
  CHECK(changes({"BITFIELD", "b", "OVERFLOW", "FAIL", "SET", "u8", "16", "300", "SET", "u8", "24",
                 "0"}) == 1);
  CHECK(changes({"BITFIELD", "b", "OVERFLOW", "FAIL", "SET", "u8", "40", "300"}) == 1);
}

}  // namespace full_server
