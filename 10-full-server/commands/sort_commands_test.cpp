// SPDX-License-Identifier: MIT
#include "10-full-server/stages.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/recording_server.h"

namespace full_server {

using testing::RecordingServer;

TEST_CASE("SORT STORE is reported as the list that it made, or the key that it deleted") {
  RecordingServer server(compose_stages);
  server.run({"RPUSH", "l", "2", "1"});
  server.events();
  server.passed_on();
  CHECK(server.run({"SORT", "l", "STORE", "d"}) == ":2\r\n");
  CHECK(server.events() == "0:sortstore:d");
  CHECK(server.passed_on() == "SORT l STORE d");
  CHECK(server.run({"SORT", "missing", "STORE", "d"}) == ":0\r\n");
  CHECK(server.events() == "0:del:d");
  server.passed_on();
  CHECK(server.run({"SORT", "missing", "STORE", "d"}) == ":0\r\n");
  CHECK(server.events().empty());
  CHECK(server.passed_on().empty());
}

TEST_CASE("SORT may store into the key that it reads") {
  RecordingServer server(compose_stages);
  server.run({"RPUSH", "l", "2", "10", "1"});
  CHECK(server.run({"SORT", "l", "STORE", "l"}) == ":3\r\n");
  CHECK(server.run({"LRANGE", "l", "0", "-1"}) == "*3\r\n$1\r\n1\r\n$1\r\n2\r\n$2\r\n10\r\n");
}

TEST_CASE("SORT with a limit answers what the whole order begins with") {
  RecordingServer server(compose_stages);
  for (int i = 0; i < 500; ++i) {
    server.run({"SADD", "s", std::to_string((i * 7919) % 1000 - 500)});
  }
  const std::string all = server.run({"SORT", "s", "DESC"});
  const std::string few = server.run({"SORT", "s", "DESC", "LIMIT", "0", "20"});
  CHECK(all.substr(6, few.size() - 5) == few.substr(5));
  CHECK(few.starts_with("*20\r\n"));
}

TEST_CASE("a weight that is no number is an error, one that is missing is 0") {
  RecordingServer server(compose_stages);
  server.run({"RPUSH", "l", "a", "b"});
  server.run({"SET", "w_a", "-1"});
  CHECK(server.run({"SORT", "l", "BY", "w_*", "DESC"}) == "*2\r\n$1\r\nb\r\n$1\r\na\r\n");
  for (const std::string_view weight : {"x", "1x", "nan", "1e400"}) {
    server.run({"SET", "w_b", weight});
    CHECK(server.run({"SORT", "l", "BY", "w_*"}) ==
          "-ERR One or more scores can't be converted into double\r\n");
  }
  server.run({"SET", "w_b", ""});
  CHECK(server.run({"SORT", "l", "BY", "w_*"}) == "*2\r\n$1\r\na\r\n$1\r\nb\r\n");
}

}  // namespace full_server
