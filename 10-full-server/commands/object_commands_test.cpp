// SPDX-License-Identifier: MIT
#include "10-full-server/stages.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/recording_server.h"

namespace full_server {

using testing::kNull;
using testing::RecordingServer;

TEST_CASE("IDLETIME is the seconds since the last use") {
  RecordingServer server(compose_stages);
  server.run({"SET", "k", "v"});
  server.advance_ms(5000);
  for (const std::string_view command : {"TYPE", "EXISTS", "TTL"}) server.run({command, "k"});
  server.run({"OBJECT", "ENCODING", "k"});
  CHECK(server.run({"OBJECT", "IDLETIME", "k"}) == ":5\r\n");
  server.run({"COPY", "k", "copy"});
  CHECK(server.run({"OBJECT", "IDLETIME", "k"}) == ":0\r\n");
  server.advance_ms(2000);
  CHECK(server.run({"OBJECT", "IDLETIME", "copy"}) == ":2\r\n");
}

TEST_CASE("TOUCH touches even for a client that does not") {
  RecordingServer server(compose_stages);
  server.run({"SET", "k", "v"});
  server.advance_ms(5000);
  server.client().no_touch = true;
  server.run({"GET", "k"});
  CHECK(server.run({"OBJECT", "IDLETIME", "k"}) == ":5\r\n");
  server.run({"TOUCH", "k"});
  CHECK(server.run({"OBJECT", "IDLETIME", "k"}) == ":0\r\n");
}

TEST_CASE("the clock begins anew after 24 bits, and idle times don't") {
  RecordingServer server(compose_stages);
  server.clock().set_wall_ms(int64_t{0xffffff} * 1000);
  server.run({"SET", "k", "v"});
  server.advance_ms(3000);
  CHECK(server.run({"OBJECT", "IDLETIME", "k"}) == ":3\r\n");
}

TEST_CASE("OBJECT answers null for what is not there, in both protocols") {
  RecordingServer server(compose_stages);
  for (const std::string_view word : {"ENCODING", "FREQ", "IDLETIME", "REFCOUNT"}) {
    server.client().reply.set_protocol(2);
    CHECK(server.run({"OBJECT", word, "missing"}) == kNull);
    server.client().reply.set_protocol(3);
    CHECK(server.run({"OBJECT", word, "missing"}) == "_\r\n");
  }
}

}  // namespace full_server
