// SPDX-License-Identifier: MIT
#include "10-full-server/stages.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/recording_server.h"

namespace full_server {

using testing::kWrongType;
using testing::RecordingServer;

TEST_CASE("GEOADD is reported and passed on as the ZADD that it is") {
  RecordingServer server(compose_stages);
  CHECK(server.run({"GEOADD", "g", "CH", "13.361389", "38.115556", "Palermo"}) == ":1\r\n");
  CHECK(server.events() == "0:zadd:g");
  CHECK(server.passed_on() == "zadd g CH 3479099956230698 Palermo");
  CHECK(server.run({"GEOADD", "g", "13.361389", "38.115556", "Palermo"}) == ":0\r\n");
  CHECK(server.run({"GEOADD", "g", "NX", "1", "1", "Palermo"}) == ":0\r\n");
  CHECK(server.run({"GEOADD", "none", "XX", "1", "1", "a"}) == ":0\r\n");
  CHECK(server.events().empty());
  CHECK(server.passed_on().empty());
}

TEST_CASE("a place that is not on the map keeps all others out") {
  RecordingServer server(compose_stages);
  CHECK(server.run({"GEOADD", "g", "1", "1", "a", "1", "86", "b"}) ==
        "-ERR invalid longitude,latitude pair 1.000000,86.000000\r\n");
  CHECK(server.run({"EXISTS", "g"}) == ":0\r\n");
}

TEST_CASE("what a search stores is reported, and an empty result deletes") {
  RecordingServer server(compose_stages);
  server.run({"GEOADD", "g", "1", "1", "a", "2", "2", "12"});
  server.events();
  CHECK(server.run({"GEOSEARCHSTORE", "d", "g", "FROMLONLAT", "1", "1", "BYRADIUS", "500", "km"}) ==
        ":2\r\n");
  CHECK(server.events() == "0:geosearchstore:d");
  CHECK(server.run({"GEORADIUS", "g", "1", "1", "1", "km", "STORE", "d"}) == ":1\r\n");
  CHECK(server.events() == "0:georadiusstore:d");
  CHECK(server.run({"GEORADIUS", "g", "50", "50", "1", "km", "STORE", "d"}) == ":0\r\n");
  CHECK(server.events() == "0:del:d");
  server.put_other("other");
  CHECK(server.run({"GEOPOS", "other", "a"}) == kWrongType);
}

TEST_CASE("RESP3 tells coordinates as numbers") {
  RecordingServer server(compose_stages);
  server.run({"GEOADD", "g", "0", "0", "a"});
  server.run({"HELLO", "3"});
  const std::string reply = server.run({"GEOPOS", "g", "a"});
  CHECK(reply.starts_with("*1\r\n*2\r\n,0.00000"));
}

}  // namespace full_server
