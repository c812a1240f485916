// SPDX-License-Identifier: MIT
#include <string>

#include "10-full-server/stages.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/recording_server.h"

namespace full_server {

using testing::bulk;
using testing::kWrongType;
using testing::RecordingServer;

TEST_CASE("PFADD reports only what may have changed the count") {
  RecordingServer server(compose_stages);
  CHECK(server.run({"PFADD", "h"}) == ":1\r\n");
  CHECK(server.run({"PFADD", "h"}) == ":0\r\n");
  CHECK(server.run({"PFADD", "h", "a", "b"}) == ":1\r\n");
  CHECK(server.run({"PFADD", "h", "a"}) == ":0\r\n");
  CHECK(server.events() == "0:pfadd:h 0:pfadd:h");
  CHECK(server.passed_on() == "PFADD h;PFADD h a b");
}

TEST_CASE("PFCOUNT keeps the count in the value, and that is passed on") {
  RecordingServer server(compose_stages);
  server.run({"PFADD", "h", "a", "b"});
  server.passed_on();
  CHECK(server.run({"PFCOUNT", "h"}) == ":2\r\n");
  CHECK(server.passed_on() == "PFCOUNT h");
  CHECK(server.run({"PFCOUNT", "h"}) == ":2\r\n");
  CHECK(server.run({"PFCOUNT", "h", "missing"}) == ":2\r\n");
  CHECK(server.run({"PFCOUNT", "missing"}) == ":0\r\n");
  CHECK(server.passed_on().empty());
}

TEST_CASE("PFMERGE reports the target, dense when one of its sources is") {
  RecordingServer server(compose_stages);
  server.run({"PFADD", "a", "1", "2"});
  server.run({"PFADD", "b", "2", "3"});
  CHECK(server.run({"PFDEBUG", "TODENSE", "b"}) == ":1\r\n");
  server.events();
  server.passed_on();
  CHECK(server.run({"PFMERGE", "t", "a", "missing"}) == "+OK\r\n");
  CHECK(server.run({"PFDEBUG", "ENCODING", "t"}) == "+sparse\r\n");
  CHECK(server.run({"PFMERGE", "t", "b"}) == "+OK\r\n");
  CHECK(server.run({"PFDEBUG", "ENCODING", "t"}) == "+dense\r\n");
  CHECK(server.events() == "0:pfadd:t 0:pfadd:t");
  CHECK(server.passed_on() == "PFMERGE t a missing;PFMERGE t b");
  CHECK(server.run({"PFCOUNT", "t"}) == ":3\r\n");
}

TEST_CASE("strings that are no sketch and other types are refused, and nothing happens") {
  RecordingServer server(compose_stages);
  server.put_other("other");
  server.run({"SET", "s", "text"});
  server.run({"SET", "n", "12345678901234567"});
  server.run({"PFADD", "h", "a"});
  server.run({"APPEND", "h", "hello"});
  server.events();
  server.passed_on();
  const std::string no_sketch = "-WRONGTYPE Key is not a valid HyperLogLog string value.\r\n";
  for (const char* key : {"s", "n"}) {
    CHECK(server.run({"PFADD", key, "a"}) == no_sketch);
    CHECK(server.run({"PFCOUNT", key}) == no_sketch);
    CHECK(server.run({"PFCOUNT", "h2", key}) == no_sketch);
    CHECK(server.run({"PFMERGE", "t", key}) == no_sketch);
  }
  CHECK(server.run({"PFADD", "other", "a"}) == kWrongType);
  CHECK(server.run({"PFCOUNT", "other"}) == kWrongType);
  CHECK(server.run({"PFMERGE", "t", "other"}) == kWrongType);
  const std::string damaged = "-INVALIDOBJ Corrupted HLL object detected\r\n";
  CHECK(server.run({"PFCOUNT", "h"}) == damaged);
  CHECK(server.run({"PFCOUNT", "h", "h2"}) == damaged);
  CHECK(server.run({"PFMERGE", "t", "h"}) == damaged);
  CHECK(server.run({"PFDEBUG", "GETREG", "h"}) == damaged);
  CHECK(server.run({"EXISTS", "t"}) == ":0\r\n");
  CHECK(server.events().empty());
  CHECK(server.passed_on().empty());
}

}  // namespace full_server
