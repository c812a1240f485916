// SPDX-License-Identifier: MIT
#include "10-full-server/stages.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/recording_server.h"

namespace full_server {

using testing::bulk;
using testing::kNull;
using testing::kWrongType;
using testing::RecordingServer;

TEST_CASE("a value that is no string is refused, and nothing happens") {
  RecordingServer server(compose_stages);
  server.put_other("other");
  CHECK(server.run({"GETSET", "other", "v"}) == kWrongType);
  CHECK(server.run({"GETDEL", "other"}) == kWrongType);
  CHECK(server.run({"INCRBYFLOAT", "other", "abc"}) == kWrongType);
  CHECK(server.run({"SUBSTR", "other", "0", "1"}) == kWrongType);
  CHECK(server.run({"SETNX", "other", "v"}) == ":0\r\n");
  CHECK(server.run({"MSETNX", "fresh", "v", "other", "v"}) == ":0\r\n");
  CHECK(server.events().empty());
  CHECK(server.passed_on().empty());
  CHECK(server.run({"TYPE", "other"}) == "+other\r\n");
}

TEST_CASE("GETSET and GETDEL are passed on as what they did") {
  RecordingServer server(compose_stages);
  CHECK(server.run({"GETSET", "k", "1"}) == kNull);
  CHECK(server.run({"GETSET", "k", "2"}) == bulk("1"));
  CHECK(server.passed_on() == "SET k 1;SET k 2");
  CHECK(server.run({"GETDEL", "k"}) == bulk("2"));
  CHECK(server.run({"GETDEL", "k"}) == kNull);
  CHECK(server.passed_on() == "DEL k");
  CHECK(server.events() == "0:set:k 0:set:k 0:del:k");
}

TEST_CASE("MSET and MSETNX are passed on as they came, once") {
  RecordingServer server(compose_stages);
  CHECK(server.run({"MSETNX", "k", "1", "k", "2"}) == ":1\r\n");
  CHECK(server.run({"MSETNX", "k", "3"}) == ":0\r\n");
  CHECK(server.run({"MSET", "k", "4", "k", "5"}) == "+OK\r\n");
  CHECK(server.run({"GET", "k"}) == bulk("5"));
  CHECK(server.passed_on() == "MSETNX k 1 k 2;MSET k 4 k 5");
}

TEST_CASE("a string that is set over an expired key has no deadline; the expired key goes first") {
  RecordingServer server(compose_stages);
  for (const std::string_view key : {"a", "b", "c"}) server.run({"SET", key, "old", "PX", "10"});
  server.advance_ms(20);
  server.events();
  server.passed_on();
  CHECK(server.run({"SET", "a", "new", "KEEPTTL"}) == "+OK\r\n");
  CHECK(server.run({"PTTL", "a"}) == ":-1\r\n");
  CHECK(server.passed_on() == "SET a new KEEPTTL");
  CHECK(server.run({"MSET", "b", "1", "b", "2", "c", "3"}) == "+OK\r\n");
  CHECK(server.passed_on() == "MSET b 1 b 2 c 3");
  CHECK(server.run({"MGET", "a", "b", "c"}) == "*3\r\n" + bulk("new") + bulk("2") + bulk("3"));
  CHECK(server.events() == "0:expired:a 0:set:a 0:expired:b 0:expired:c 0:set:b 0:set:b 0:set:c");
}

TEST_CASE("INCRBYFLOAT is passed on as its result and keeps the deadline") {
  RecordingServer server(compose_stages);
  server.run({"SET", "k", "1.5", "PX", "1000"});
  server.events();
  server.passed_on();
  CHECK(server.run({"INCRBYFLOAT", "k", "1.5"}) == bulk("3"));
  CHECK(server.passed_on() == "SET k 3 KEEPTTL");
  CHECK(server.events() == "0:incrbyfloat:k");
  CHECK(server.run({"PTTL", "k"}) == ":1000\r\n");
  CHECK(server.run({"OBJECT", "ENCODING", "k"}) == bulk("embstr"));
  CHECK(server.run({"INCRBYFLOAT", "k", "inf"}) ==
        "-ERR increment would produce NaN or Infinity\r\n");
  CHECK(server.passed_on().empty());
}

TEST_CASE("a result of thousands of digits is a string like any other") {
  RecordingServer server(compose_stages);
  server.run({"SET", "k", "0", "PX", "1000"});
  const std::string reply = server.run({"INCRBYFLOAT", "k", "1e4000"});
  CHECK(reply.starts_with("$4000\r\n"));
  CHECK(server.run({"GET", "k"}) == reply);
  CHECK(server.run({"PTTL", "k"}) == ":1000\r\n");
  CHECK(server.run({"INCRBYFLOAT", "k", "-1e4000"}) == bulk("0"));
}

TEST_CASE("MSETNX and SETNX take an expired key for a missing one") {
  RecordingServer server(compose_stages);
  server.run({"SET", "a", "1", "PX", "10"});
  server.run({"SET", "b", "1", "PX", "10"});
  server.advance_ms(10);
  server.events();
  CHECK(server.run({"MSETNX", "a", "2", "c", "3"}) == ":1\r\n");
  CHECK(server.events() == "0:expired:a 0:set:a 0:set:c");
  CHECK(server.run({"SETNX", "b", "2"}) == ":1\r\n");
  CHECK(server.run({"TTL", "b"}) == ":-1\r\n");
}

}  // namespace full_server
