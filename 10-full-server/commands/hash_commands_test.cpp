// SPDX-License-Identifier: MIT
#include <set>
#include <string>

#include "10-full-server/stages.h"
#include "10-full-server/types/hash.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/recording_server.h"

namespace full_server {

using testing::bulk;
using testing::kNull;
using testing::kWrongType;
using testing::RecordingServer;

TEST_CASE("each hash command reports what it changed, once") {
  RecordingServer server(compose_stages);
  CHECK(server.run({"HSET", "h", "a", "1", "b", "2", "a", "3"}) == ":2\r\n");
  CHECK(server.run({"HMSET", "h", "a", "3"}) == "+OK\r\n");
  CHECK(server.run({"HSETNX", "h", "a", "4"}) == ":0\r\n");
  CHECK(server.run({"HSETNX", "h", "c", "4"}) == ":1\r\n");
  CHECK(server.run({"HINCRBY", "h", "a", "-5"}) == ":-2\r\n");
  CHECK(server.events() == "0:hset:h 0:hset:h 0:hset:h 0:hincrby:h");
  CHECK(server.passed_on() == "HSET h a 1 b 2 a 3;HMSET h a 3;HSETNX h c 4;HINCRBY h a -5");
  CHECK(server.run({"HDEL", "h", "x"}) == ":0\r\n");
  CHECK(server.run({"HDEL", "missing", "x"}) == ":0\r\n");
  CHECK(server.events().empty());
  CHECK(server.run({"HDEL", "h", "a", "x", "b", "c"}) == ":3\r\n");
  CHECK(server.events() == "0:hdel:h 0:del:h");
  CHECK(server.passed_on() == "HDEL h a x b c");
  CHECK(server.run({"EXISTS", "h"}) == ":0\r\n");
}

TEST_CASE("HINCRBYFLOAT is passed on as its result") {
  RecordingServer server(compose_stages);
  CHECK(server.run({"HINCRBYFLOAT", "h", "f", "10.50"}) == bulk("10.5"));
  CHECK(server.run({"HINCRBYFLOAT", "h", "f", "-0.5"}) == bulk("10"));
  CHECK(server.passed_on() == "HSET h f 10.5;HSET h f 10");
  CHECK(server.events() == "0:hincrbyfloat:h 0:hincrbyfloat:h");
  CHECK(server.run({"HINCRBYFLOAT", "h", "f", "inf"}) == "-ERR value is NaN or Infinity\r\n");
  CHECK(server.run({"HINCRBYFLOAT", "h", "f", "nan"}) == "-ERR value is not a valid float\r\n");
}

TEST_CASE("hash commands that fail make no key and report nothing") {
  RecordingServer server(compose_stages);
  server.put_other("other");
  for (const char* name : {"HSET", "HMSET", "HSETNX"}) {
    CHECK(server.run({name, "other", "f", "v"}) == kWrongType);
  }
  CHECK(server.run({"HINCRBY", "other", "f", "1"}) == kWrongType);
  CHECK(server.run({"HINCRBY", "other", "f", "x"}) ==
        "-ERR value is not an integer or out of range\r\n");
  CHECK(server.run({"HSET", "h", "f", "v", "g"}) ==
        "-ERR wrong number of arguments for 'hset' command\r\n");
  server.run({"HSET", "h", "f", "v", "n", "9223372036854775807"});
  server.events();
  server.passed_on();
  CHECK(server.run({"HINCRBY", "h", "f", "1"}) == "-ERR hash value is not an integer\r\n");
  CHECK(server.run({"HINCRBYFLOAT", "h", "f", "1"}) == "-ERR hash value is not a float\r\n");
  CHECK(server.run({"HINCRBY", "h", "n", "1"}) == "-ERR increment or decrement would overflow\r\n");
  CHECK(server.run({"HGET", "other", "f"}) == kWrongType);
  CHECK(server.run({"HSCAN", "other", "0", "bad"}) == kWrongType);
  CHECK(server.events().empty());
  CHECK(server.passed_on().empty());
}

TEST_CASE("HGETALL and HRANDFIELD have other shapes in RESP3") {
  RecordingServer server(compose_stages);
  server.run({"HSET", "h", "f", "v"});
  CHECK(server.run({"HRANDFIELD", "h", "1", "WITHVALUES"}) == "*2\r\n" + bulk("f") + bulk("v"));
  CHECK(server.run({"HGETALL", "missing"}) == "*0\r\n");
  server.client().reply.set_protocol(3);
  CHECK(server.run({"HGETALL", "h"}) == "%1\r\n" + bulk("f") + bulk("v"));
  CHECK(server.run({"HGETALL", "missing"}) == "%0\r\n");
  CHECK(server.run({"HRANDFIELD", "h", "5", "WITHVALUES"}) ==
        "*1\r\n*2\r\n" + bulk("f") + bulk("v"));
  CHECK(server.run({"HRANDFIELD", "missing"}) == "_\r\n");
  CHECK(server.run({"HRANDFIELD", "missing", "5"}) == "*0\r\n");
}

// The fields in a flat reply of bulks.
static std::multiset<std::string> fields_of(const std::string& reply) {
  std::multiset<std::string> fields;
  for (size_t at = reply.find("\r\n") + 2; at < reply.size();) {
    const size_t text = reply.find("\r\n", at) + 2;
    const size_t end = reply.find("\r\n", text);
    fields.insert(reply.substr(text, end - text));
    at = end + 2;
  }
  return fields;
}

TEST_CASE("HRANDFIELD: different fields, all of them, or one several times; in both shapes") {
  RecordingServer server(compose_stages);
  for (const uint64_t limit : {512, 0}) {
    types::hash_settings.max_listpack_entries = limit;
    const std::string key = "h" + std::to_string(limit);
    for (int i = 0; i < 30; ++i) server.run({"HSET", key, std::to_string(i), "v"});
    std::set<std::string> seen;
    for (const char* count : {"2", "5", "15", "29", "30", "100"}) {
      for (int round = 0; round < 20; ++round) {
        const auto fields = fields_of(server.run({"HRANDFIELD", key, count}));
        CHECK(fields.size() == static_cast<size_t>(std::min(30, std::stoi(count))));
        const std::set<std::string> different(fields.begin(), fields.end());
        CHECK(different.size() == fields.size());
        seen.insert(different.begin(), different.end());
      }
    }
    CHECK(seen.size() == 30);
    CHECK(fields_of(server.run({"HRANDFIELD", key, "-100"})).size() == 100);
    CHECK(server.run({"HRANDFIELD", key, "0"}) == "*0\r\n");
  }
  types::hash_settings = {};
}

TEST_CASE("HSCAN finds every field, however many come and go meanwhile") {
  RecordingServer server(compose_stages);
  for (int i = 0; i < 2000; ++i) server.run({"HSET", "h", "f" + std::to_string(i), "v"});
  std::set<std::string> seen;
  std::string cursor = "0";
  int calls = 0;
  do {
    const std::string reply = server.run({"HSCAN", "h", cursor, "MATCH", "f*", "COUNT", "20"});
    const size_t start = reply.find("\r\n", 4) + 2;
    cursor = reply.substr(start, reply.find("\r\n", start) - start);
    const std::string list = reply.substr(reply.find('*', start));
    for (const std::string& field : fields_of(list)) seen.insert(field);
    server.run({"HSET", "h", "g" + std::to_string(calls), "v"});
    ++calls;
  } while (cursor != "0");
  CHECK(seen.size() == 2001);  // with the value
  CHECK(calls > 10);
}

}  // namespace full_server
