// SPDX-License-Identifier: MIT
// Streams: what others are told of a change, who is woken by it, and what stays as it was when a command is refused.
#include "06-rdb/snapshot_saver.h"
#include "10-full-server/stages.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/recording_server.h"

namespace full_server {

using testing::bulk;
using testing::RecordingServer;

static constexpr std::string_view kNullArray = "*-1\r\n";

TEST_CASE(
    "an id that the stream chose is passed on as such; ~ as the length or id that came of it") {
  RecordingServer server(compose_stages);
  server.run({"XADD", "s", "1-1", "f", "v"});
  CHECK(server.passed_on() == "XADD s 1-1 f v");
  server.run({"XADD", "s", "1-*", "f", "v"});
  CHECK(server.passed_on() == "XADD s 1-2 f v");
  const std::string reply = server.run({"XADD", "s", "MAXLEN", "~", "1", "*", "f", "v"});
  const std::string id = reply.substr(reply.find('\n') + 1, reply.size() - reply.find('\n') - 3);
  CHECK(server.passed_on() == "XADD s MAXLEN = 3 " + id + " f v");
  server.run({"XADD", "s", "MINID", "~", "1-2", "9999999999999-0", "f", "v"});
  CHECK(server.passed_on() == "XADD s MINID = 1-1 9999999999999-0 f v");
  server.run({"XTRIM", "s", "MAXLEN", "1"});
  CHECK(server.passed_on() == "XTRIM s MAXLEN 1");
  CHECK(server.events() == "0:xadd:s 0:xadd:s 0:xadd:s 0:xadd:s 0:xtrim:s");
}

TEST_CASE("whole chunks that went are passed on as the length that is left") {
  RecordingServer server(compose_stages);
  for (int i = 1; i <= 150; ++i) server.run({"XADD", "s", std::to_string(i) + "-0", "f", "v"});
  server.passed_on();
  CHECK(server.run({"XTRIM", "s", "MAXLEN", "~", "40"}) == ":100\r\n");
  CHECK(server.passed_on() == "XTRIM s MAXLEN = 50");
  CHECK(server.run({"XTRIM", "s", "MAXLEN", "~", "40"}) == ":0\r\n");
  CHECK(server.passed_on().empty());
}

static void three_entries_and_a_group(RecordingServer& server) {
  for (const std::string_view id : {"1-0", "2-0", "3-0"}) server.run({"XADD", "s", id, "f", "v"});
  server.run({"XGROUP", "CREATE", "s", "g", "0"});
  server.passed_on();
  server.events();
}

TEST_CASE("what a group is given is passed on as the state of its pending entries") {
  RecordingServer server(compose_stages);
  three_entries_and_a_group(server);
  server.run({"XREADGROUP", "GROUP", "g", "al", "COUNT", "2", "STREAMS", "s", ">"});
  const std::string now = std::to_string(server.server().databases.environment().now);
  CHECK(server.passed_on() == "XCLAIM s g al 0 1-0 TIME " + now +
                                  " RETRYCOUNT 1 FORCE JUSTID LASTID 1-0;"
                                  "XCLAIM s g al 0 2-0 TIME " +
                                  now + " RETRYCOUNT 1 FORCE JUSTID LASTID 2-0");
  CHECK(server.events() == "0:xgroup-createconsumer:s 0::s");
  server.run({"XREADGROUP", "GROUP", "g", "bo", "NOACK", "STREAMS", "s", ">"});
  CHECK(server.passed_on() == "XGROUP CREATECONSUMER s g bo;XGROUP SETID s g 3-0 ENTRIESREAD 3");
  server.run({"XREADGROUP", "GROUP", "g", "al", "STREAMS", "s", "0"});
  CHECK(server.passed_on().empty());
  server.run({"XACK", "s", "g", "1-0"});
  CHECK(server.passed_on() == "XACK s g 1-0");
}

TEST_CASE("what is claimed is passed on entry by entry, also when it turns out to be gone") {
  RecordingServer server(compose_stages);
  three_entries_and_a_group(server);
  server.run({"XREADGROUP", "GROUP", "g", "al", "STREAMS", "s", ">"});
  server.run({"XDEL", "s", "2-0"});
  server.passed_on();
  server.advance_ms(10);
  server.run({"XAUTOCLAIM", "s", "g", "bo", "0", "0", "JUSTID"});
  const std::string now = std::to_string(server.server().databases.environment().now);
  const std::string then = std::to_string(server.server().databases.environment().now - 10);
  CHECK(server.passed_on() == "XCLAIM s g bo 0 1-0 TIME " + now +
                                  " RETRYCOUNT 1 FORCE JUSTID LASTID 3-0;"
                                  "XCLAIM s g al 0 2-0 TIME " +
                                  then +
                                  " RETRYCOUNT 1 FORCE JUSTID LASTID 3-0;"
                                  "XCLAIM s g bo 0 3-0 TIME " +
                                  now + " RETRYCOUNT 1 FORCE JUSTID LASTID 3-0");
  CHECK(server.run({"XCLAIM", "s", "g", "cy", "100000", "1-0"}) == "*0\r\n");
  CHECK(server.passed_on().empty());
}

TEST_CASE("a reader that waits is served once, by what came after it had asked") {
  RecordingServer server(compose_stages);
  server.run({"XADD", "s", "1-0", "f", "v"});
  command::Client& reader = server.add_client();
  CHECK(server.run(reader, {"XREAD", "BLOCK", "0", "STREAMS", "s", "$"}).empty());
  server.run({"XDEL", "s", "1-0"});
  server.end_turn();
  CHECK(server.output(reader).empty());
  server.run({"XADD", "s", "2-0", "f", "v"});
  server.end_turn();
  CHECK(server.output(reader).find("2-0") != std::string::npos);
  server.run({"XADD", "s", "3-0", "f", "v"});
  server.end_turn();
  CHECK(server.output(reader).empty());
}

TEST_CASE(
    "who reads for a group and waits leaves no trace when woken for nothing, and learns of the "
    "group's end") {
  RecordingServer server(compose_stages);
  server.run({"XGROUP", "CREATE", "s", "g", "$", "MKSTREAM"});
  command::Client& reader = server.add_client();
  CHECK(server.run(reader, {"XREADGROUP", "GROUP", "g", "al", "BLOCK", "0", "STREAMS", "s", ">"})
            .empty());
  server.run({"XGROUP", "DELCONSUMER", "s", "g", "al"});
  server.end_turn();
  CHECK(server.run({"XINFO", "CONSUMERS", "s", "g"}) == "*0\r\n");
  server.run({"XGROUP", "DESTROY", "s", "g"});
  server.end_turn();
  CHECK(server.output(reader).starts_with("-NOGROUP "));
}

TEST_CASE("nobody waits within a transaction") {
  RecordingServer server(compose_stages);
  server.run({"MULTI"});
  server.run({"XREAD", "BLOCK", "0", "STREAMS", "s", "$"});
  CHECK(server.run({"EXEC"}) == "*1\r\n" + std::string(kNullArray));
}

TEST_CASE("a command that is refused has changed nothing") {
  RecordingServer server(compose_stages);
  three_entries_and_a_group(server);
  server.run({"XACK", "s", "g", "1-0", "x"});
  server.run({"XDEL", "s", "1-0", "x"});
  server.run({"XCLAIM", "s", "g", "al", "0", "1-0", "FORCE", "LASTID", "x"});
  server.run({"XSETID", "s", "1-0"});
  server.run({"XADD", "s", "1-0", "f", "v"});
  server.run({"XADD", "new", "MAXLEN", "-1", "*", "f", "v"});
  server.run({"XGROUP", "CREATE", "new", "g", "x", "MKSTREAM"});
  server.run({"XREADGROUP", "GROUP", "g", "al", "STREAMS", "s", "new", ">", ">"});
  CHECK(server.passed_on().empty());
  CHECK(server.events().empty());
  CHECK(server.run({"XLEN", "s"}) == ":3\r\n");
  CHECK(server.run({"EXISTS", "new"}) == ":0\r\n");
  CHECK(server.run({"XPENDING", "s", "g"}).starts_with("*4\r\n:0\r\n"));
}

TEST_CASE("a group's commands count their lookup as a reader's; XREADGROUP looks twice") {
  RecordingServer server(compose_stages);
  three_entries_and_a_group(server);
  const keyspace::Environment& counted = server.server().databases.environment();
  const auto lookups = [&](std::initializer_list<std::string_view> request) {
    const uint64_t hits = counted.hits, misses = counted.misses;
    server.run(request);
    return std::pair(counted.hits - hits, counted.misses - misses);
  };
  using Lookups = std::pair<uint64_t, uint64_t>;
  server.run({"SET", "string", "v"});
  CHECK(lookups({"XACK", "s", "g", "1-0"}) == Lookups(1, 0));
  CHECK(lookups({"XACK", "none", "g", "1-0"}) == Lookups(0, 1));
  CHECK(lookups({"XACK", "string", "g", "1-0"}) == Lookups(1, 0));
  CHECK(lookups({"XCLAIM", "s", "g", "al", "0", "1-0"}) == Lookups(1, 0));
  CHECK(lookups({"XAUTOCLAIM", "none", "g", "al", "0", "0"}) == Lookups(0, 1));
  CHECK(lookups({"XAUTOCLAIM", "none", "g", "al", "0", "wrong"}) == Lookups(0, 1));
  CHECK(lookups({"XREADGROUP", "GROUP", "g", "al", "STREAMS", "s", "0"}) == Lookups(2, 0));
  CHECK(lookups({"XREADGROUP", "GROUP", "g", "al", "STREAMS", "s", ">"}) == Lookups(2, 0));
  CHECK(lookups({"XDEL", "s", "1-0"}) == Lookups(0, 0));
}

TEST_CASE("an XADD that trims is one change") {
  RecordingServer server(compose_stages);
  three_entries_and_a_group(server);
  const auto& saver = server.server().parts.get<rdb::SnapshotSaver>();
  const int64_t before = saver.changes_since_save();
  server.run({"XADD", "s", "MAXLEN", "1", "4-0", "f", "v"});
  CHECK(saver.changes_since_save() == before + 1);
  CHECK(server.events() == "0:xadd:s 0:xtrim:s");
}

TEST_CASE("RESP3 maps streams to their entries") {
  RecordingServer server(compose_stages);
  server.client().reply.set_protocol(3);
  server.run({"XADD", "s", "1-0", "f", "v"});
  CHECK(server.run({"XREAD", "STREAMS", "s", "0"}) ==
        "%1\r\n" + bulk("s") + "*1\r\n*2\r\n" + bulk("1-0") + "*2\r\n" + bulk("f") + bulk("v"));
}

TEST_CASE("XINFO STREAM counts the nodes that Redis' tree of the chunks would have") {
  RecordingServer server(compose_stages);
  server.run({"CONFIG", "SET", "stream-node-max-entries", "1"});
  const auto nodes = [&] {
    const std::string reply = server.run({"XINFO", "STREAM", "s"});
    const std::string name = "radix-tree-nodes\r\n";
    return reply.substr(reply.find(name) + name.size(), 3);
  };
  server.run({"XADD", "s", "1-1", "a", "1"});
  CHECK(nodes() == ":2\r");
  server.run({"XADD", "s", "1-2", "a", "1"});
  CHECK(nodes() == ":4\r");
  server.run({"XADD", "s", "70000-1", "a", "1"});
  CHECK(nodes() == ":8\r");
  server.run({"XDEL", "s", "1-1"});
  CHECK(nodes() == ":6\r");
  server.run({"CONFIG", "SET", "stream-node-max-entries", "100"});
}

}  // namespace full_server
