// SPDX-License-Identifier: MIT
//
// Messages that nobody asked for with a command of their own: what comes, to whom, and behind which reply.
#include <string>

#include "10-full-server/stages.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/recording_server.h"

namespace full_server {

namespace {

struct Fixture : testing::RecordingServer {
  Fixture() : RecordingServer([](server::Server& s) { compose_stages(s); }) {
    reader.reply.set_protocol(3);
  }
  std::string heard() { return output(reader); }
  command::Client& reader = add_client();
};

std::string invalidated(std::string_view key) {
  return ">2\r\n" + testing::bulk("invalidate") + "*1\r\n" + testing::bulk(key);
}

}  // namespace

TEST_CASE("tracking: keys are those of the command's key specs, told once each") {
  Fixture f;
  f.run(f.reader, {"CLIENT", "TRACKING", "on"});
  f.run(f.reader, {"MGET", "a", "b"});
  f.run(f.reader, {"STRLEN", "c"});
  f.run(f.reader, {"SET", "d", "written, not read"});
  for (const std::string_view key : {"a", "c", "d", "b"}) f.run({"SET", key, "1"});
  CHECK(f.heard() == invalidated("a") + invalidated("c") + invalidated("b"));
  f.run({"SET", "a", "2"});
  CHECK(f.heard().empty());
}

TEST_CASE("tracking: in a transaction the message waits for EXEC's whole reply") {
  Fixture f;
  f.run(f.reader, {"CLIENT", "TRACKING", "on"});
  f.run(f.reader, {"GET", "k"});
  f.run(f.reader, {"MULTI"});
  f.run(f.reader, {"SET", "k", "1"});
  f.run(f.reader, {"GET", "k"});
  CHECK(f.run(f.reader, {"EXEC"}) == "*2\r\n+OK\r\n" + testing::bulk("1") + invalidated("k"));
}

TEST_CASE("tracking: a flush is told in one message, an exchange of databases not at all") {
  Fixture f;
  f.run(f.reader, {"CLIENT", "TRACKING", "on"});
  f.run({"SET", "k", "1"});
  f.run(f.reader, {"GET", "k"});
  f.run({"SWAPDB", "0", "1"});
  CHECK(f.heard().empty());
  f.run({"FLUSHALL"});
  CHECK(f.heard() == ">2\r\n" + testing::bulk("invalidate") + "_\r\n");
  f.run({"FLUSHDB"});
  CHECK(f.heard() == ">2\r\n" + testing::bulk("invalidate") + "_\r\n");
}

TEST_CASE("tracking: a flush forgets what was read, also when nobody tracks any more") {
  Fixture f;
  f.run(f.reader, {"CLIENT", "TRACKING", "on"});
  f.run({"SET", "k", "1"});
  f.run(f.reader, {"GET", "k"});
  f.run(f.reader, {"CLIENT", "TRACKING", "off"});
  f.run({"FLUSHALL"});
  f.run(f.reader, {"CLIENT", "TRACKING", "on"});
  f.run({"SET", "k", "2"});
  CHECK(f.heard().empty());
}

TEST_CASE("tracking: what expires, met or swept, is told too") {
  Fixture f;
  f.run(f.reader, {"CLIENT", "TRACKING", "on"});
  f.run({"SET", "k", "1", "PX", "10"});
  f.run(f.reader, {"GET", "k"});
  f.advance_ms(11);
  CHECK(f.heard().empty());
  f.run({"EXISTS", "k"});
  CHECK(f.heard() == invalidated("k"));
}

TEST_CASE("tracking: a client that goes leaves nothing that could be sent to") {
  Fixture f;
  f.run(f.reader, {"CLIENT", "TRACKING", "on", "BCAST"});
  command::Client& other = f.add_client();
  f.run(other, {"CLIENT", "TRACKING", "on"});
  f.run(other, {"GET", "k"});
  other.parts.clear();
  f.run({"SET", "k", "1"});
  CHECK(f.output(other).empty());
  CHECK(f.heard() == invalidated("k"));
  f.reader.parts.clear();
  f.run({"SET", "k", "2"});
  CHECK(f.heard().empty());
}

TEST_CASE(
    "notifications: one's own come behind the reply, and the value that is being read stays "
    "whole") {
  Fixture f;
  f.run({"CONFIG", "SET", "notify-keyspace-events", "E$m"});
  f.run(f.reader, {"SUBSCRIBE", "__keyevent@0__:keymiss"});
  const std::string message =
      ">3\r\n" + testing::bulk("message") + testing::bulk("__keyevent@0__:keymiss");
  CHECK(f.run(f.reader, {"MGET", "a", "b"}) ==
        "*2\r\n_\r\n_\r\n" + message + testing::bulk("a") + message + testing::bulk("b"));
  f.run({"GET", "c"});
  CHECK(f.heard() == message + testing::bulk("c"));
}

TEST_CASE("notifications: new keys are told before what made them, only while asked for") {
  Fixture f;
  f.run({"CONFIG", "SET", "notify-keyspace-events", "Kn$g"});
  f.run(f.reader, {"SUBSCRIBE", "__keyspace@0__:k"});
  const std::string message =
      ">3\r\n" + testing::bulk("message") + testing::bulk("__keyspace@0__:k");
  f.run({"APPEND", "k", "v"});
  CHECK(f.heard() == message + testing::bulk("new") + message + testing::bulk("append"));
  f.run({"SET", "k", "w"});
  CHECK(f.heard() == message + testing::bulk("set"));
  f.run({"CONFIG", "SET", "notify-keyspace-events", ""});
  f.run({"DEL", "k"});
  f.run({"SET", "k", "w"});
  CHECK(f.heard().empty());
}

TEST_CASE(
    "pause: writes wait and nothing expires; a second request only makes it longer and stricter") {
  Fixture f;
  f.run({"SET", "k", "1", "PX", "10"});
  f.run({"CLIENT", "PAUSE", "100", "WRITE"});
  f.run({"CLIENT", "PAUSE", "20", "WRITE"});
  CHECK(f.run(f.reader, {"SET", "other", "1"}).empty());
  f.advance_ms(50);
  CHECK(f.run({"GET", "k"}) == testing::kNull);
  CHECK(f.server().databases[0].size() == 1);
  CHECK(f.heard().empty());
  f.advance_ms(50);
  f.end_turn();
  f.end_turn();
  CHECK(f.heard() == "+OK\r\n");
  CHECK(f.run({"GET", "k"}) == testing::kNull);
  CHECK(f.server().databases[0].size() == 1);  // "other"
}

TEST_CASE("tracking: each flush of a transaction is told") {
  Fixture f;
  f.run(f.reader, {"CLIENT", "TRACKING", "on"});
  f.run({"MULTI"});
  f.run({"FLUSHALL"});
  f.run({"FLUSHDB"});
  f.run({"EXEC"});
  const std::string everything = ">2\r\n" + testing::bulk("invalidate") + "_\r\n";
  CHECK(f.heard() == everything + everything);
}

}  // namespace full_server
