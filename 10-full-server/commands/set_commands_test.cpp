// SPDX-License-Identifier: MIT
#include <set>

#include "10-full-server/stages.h"
#include "10-full-server/types/set.h"
#include "shared/keyspace/edit.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/recording_server.h"

namespace full_server {

using testing::bulk;
using testing::kNull;
using testing::kWrongType;
using testing::RecordingServer;

static void fill(RecordingServer& server, std::string_view key, int count,
                 std::string_view prefix) {
  for (int i = 0; i < count; ++i)
    server.run({"SADD", key, std::string(prefix) + std::to_string(i)});
  server.events();
  server.passed_on();
}

TEST_CASE("what changes a set is reported once, with what follows from it") {
  RecordingServer server(compose_stages);
  CHECK(server.run({"SADD", "a", "x", "y", "x"}) == ":2\r\n");
  CHECK(server.events() == "0:sadd:a");
  CHECK(server.run({"SADD", "a", "x"}) == ":0\r\n");
  CHECK(server.events().empty());
  CHECK(server.run({"SREM", "a", "z"}) == ":0\r\n");
  CHECK(server.events().empty());
  CHECK(server.run({"SMOVE", "a", "b", "x"}) == ":1\r\n");
  CHECK(server.events() == "0:srem:a 0:sadd:b");
  CHECK(server.run({"SADD", "b", "y"}) == ":1\r\n");
  server.events();
  server.passed_on();
  CHECK(server.run({"SMOVE", "a", "b", "y"}) == ":1\r\n");  // it was in b already
  CHECK(server.events() == "0:srem:a 0:del:a");
  CHECK(server.passed_on() == "SMOVE a b y");
  CHECK(server.run({"SREM", "b", "x", "y", "z"}) == ":2\r\n");
  CHECK(server.events() == "0:srem:b 0:del:b");
}

TEST_CASE("SMOVE onto the same key or from a missing one changes nothing") {
  RecordingServer server(compose_stages);
  fill(server, "a", 1, "m");
  server.put_other("other");
  CHECK(server.run({"SMOVE", "a", "a", "m0"}) == ":1\r\n");
  CHECK(server.run({"SMOVE", "a", "a", "zz"}) == ":0\r\n");
  CHECK(server.run({"SMOVE", "missing", "other", "m0"}) == ":0\r\n");
  CHECK(server.run({"SMOVE", "a", "other", "zz"}) == kWrongType);
  CHECK(server.run({"SMOVE", "other", "a", "zz"}) == kWrongType);
  CHECK(server.run({"SMOVE", "a", "b", "zz"}) == ":0\r\n");
  CHECK(server.events().empty());
  CHECK(server.passed_on().empty());
}

TEST_CASE("SPOP is passed on as what it removed") {
  RecordingServer server(compose_stages);
  fill(server, "s", 3, "m");
  const std::string member = server.run({"SPOP", "s"});
  const std::string text = member.substr(4, 2);
  CHECK(server.passed_on() == "SREM s " + text);
  CHECK(server.events() == "0:spop:s");
  CHECK(server.run({"SPOP", "s", "0"}) == "*0\r\n");
  CHECK(server.passed_on().empty());
  server.run({"SPOP", "s", "5"});
  CHECK(server.passed_on() == "DEL s");
  CHECK(server.events() == "0:spop:s 0:del:s");
  CHECK(server.run({"SPOP", "s"}) == kNull);
  CHECK(server.run({"SPOP", "s", "3"}) == "*0\r\n");
  fill(server, "s", 1, "m");
  server.run({"SPOP", "s"});
  CHECK(server.passed_on() == "SREM s m0");
  CHECK(server.events() == "0:spop:s 0:del:s");
}

TEST_CASE("SPOP of many is passed on in requests of 1024 members") {
  RecordingServer server(compose_stages);
  for (const std::string_view count : {"2500", "100"}) {
    server.run({"DEL", "s"});
    fill(server, "s", 2600, "member:");
    server.run({"SPOP", "s", count});
    const std::string passed = server.passed_on();
    std::set<std::string> members;
    size_t requests = 0;
    for (size_t at = 0; at < passed.size();) {
      size_t end = passed.find_first_of(" ;", at);
      if (end == std::string::npos) end = passed.size();
      const std::string word = passed.substr(at, end - at);
      requests += word == "SREM" ? 1 : 0;
      if (word.starts_with("member:")) members.insert(word);
      at = end + 1;
    }
    CHECK(members.size() == static_cast<size_t>(std::stoi(std::string(count))));
    CHECK(requests == (count == "2500" ? 3 : 1));
    CHECK(server.run({"SCARD", "s"}) == (count == "2500" ? ":100\r\n" : ":2500\r\n"));
  }
}

TEST_CASE("both ways to subtract give the same") {
  RecordingServer server(compose_stages);
  fill(server, "big", 600, "m");
  fill(server, "small", 20, "m");
  fill(server, "other", 300, "m");
  // Walking all sets is cheaper where the first is big and there are many small ones …
  CHECK(server.run({"SDIFFSTORE", "d", "big", "small", "small", "missing", "other"}) == ":300\r\n");
  // … asking them, where it is small.
  CHECK(server.run({"SDIFFSTORE", "d", "small", "other"}) == ":0\r\n");
  CHECK(server.run({"EXISTS", "d"}) == ":0\r\n");
  CHECK(server.run({"SDIFFSTORE", "d", "other", "small", "missing"}) == ":280\r\n");
  CHECK(server.run({"SDIFF", "big", "small", "big"}) == "*0\r\n");
  server.events();
  server.run({"SDIFFSTORE", "d", "missing", "big"});
  CHECK(server.events() == "0:del:d");
  server.passed_on();
  CHECK(server.run({"SINTERSTORE", "d", "big", "missing"}) == ":0\r\n");
  CHECK(server.events().empty());
  CHECK(server.passed_on().empty());
}

TEST_CASE("a union tells each member once, of few sets or of many") {
  RecordingServer server(compose_stages);
  fill(server, "a", 300, "m");
  fill(server, "b", 200, "m");
  fill(server, "c", 3, "x");
  CHECK(server.run({"SUNION", "b", "a", "b", "missing"}).starts_with("*300\r\n"));
  CHECK(server.run({"SUNION", "b", "a", "b", "c", "a", "missing"}).starts_with("*303\r\n"));
  CHECK(server.run({"SUNIONSTORE", "a", "b", "a", "b", "c"}) == ":303\r\n");
  CHECK(server.events() == "0:sunionstore:a");
  CHECK(server.run({"SUNION", "missing", "none"}) == "*0\r\n");
}

}  // namespace full_server
