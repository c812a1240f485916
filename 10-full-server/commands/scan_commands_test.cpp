// SPDX-License-Identifier: MIT
#include <functional>
#include <set>

#include "10-full-server/stages.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/recording_server.h"

namespace full_server {

using testing::bulk;
using testing::RecordingServer;

static std::string take_line(std::string& reply) {
  const size_t end = reply.find("\r\n");
  std::string line = reply.substr(0, end);
  reply.erase(0, end + 2);
  return line;
}

// All that a whole iteration answers; `between` is called after each step.
static std::multiset<std::string> iterate(RecordingServer& server, std::string_view count,
                                          const std::function<void()>& between) {
  std::multiset<std::string> keys;
  std::string cursor = "0";
  do {
    std::string reply = server.run({"SCAN", cursor, "COUNT", count});
    REQUIRE(take_line(reply) == "*2");
    take_line(reply);
    cursor = take_line(reply);
    for (int left = std::stoi(take_line(reply).substr(1)); left > 0; --left) {
      take_line(reply);
      keys.insert(take_line(reply));
    }
    between();
  } while (cursor != "0");
  return keys;
}

static void fill(RecordingServer& server, std::string_view prefix, int count) {
  for (int i = 0; i < count; ++i) {
    server.run({"SET", std::string(prefix) + std::to_string(i), "v"});
  }
}

TEST_CASE("an undisturbed SCAN answers every key once") {
  RecordingServer server(compose_stages);
  fill(server, "k", 1000);
  for (const std::string_view count : {"1", "10", "333", "5000"}) {
    const auto keys = iterate(server, count, [] {});
    CHECK(keys.size() == 1000);
    CHECK(std::set<std::string>(keys.begin(), keys.end()).size() == 1000);
  }
}

TEST_CASE("SCAN with a type looks each matching key up") {
  RecordingServer server(compose_stages);
  fill(server, "k", 3);
  server.run({"RPUSH", "list", "v"});
  const keyspace::Environment& counted = server.server().databases.environment();
  const uint64_t before = counted.hits;
  server.run({"SCAN", "0", "COUNT", "100"});
  CHECK(counted.hits == before);
  server.run({"SCAN", "0", "COUNT", "100", "TYPE", "list"});
  CHECK(counted.hits == before + 4);
  server.run({"SCAN", "0", "COUNT", "100", "TYPE", "list", "MATCH", "l*"});
  CHECK(counted.hits == before + 5);
}

TEST_CASE("a key that stays is answered however the table grows and shrinks") {
  RecordingServer server(compose_stages);
  fill(server, "stays", 300);
  int step = 0;
  const auto disturb = [&] {
    const std::string prefix = "guest" + std::to_string(step / 4) + "-";
    if (step++ % 4 == 0) return fill(server, prefix, 700);
    if (step % 4 != 0) return;
    for (int i = 0; i < 700; ++i) server.run({"UNLINK", prefix + std::to_string(i)});
  };
  const auto keys = iterate(server, "7", disturb);
  for (int i = 0; i < 300; ++i) CHECK(keys.count("stays" + std::to_string(i)) >= 1);
}

TEST_CASE("SCAN removes the expired keys that it meets and reports them") {
  RecordingServer server(compose_stages);
  fill(server, "k", 50);
  for (int i = 0; i < 200; ++i) {
    server.run({"SET", "gone" + std::to_string(i), "v", "PX", "10"});
  }
  server.advance_ms(10);
  server.events();
  const auto keys = iterate(server, "3", [] {});  // the table shrinks: some come twice
  CHECK(std::set<std::string>(keys.begin(), keys.end()).size() == 50);
  CHECK(server.server().databases[0].size() == 50);
  const std::string events = server.events();
  CHECK(std::count(events.begin(), events.end(), ' ') == 199);
  CHECK(events.starts_with("0:expired:gone"));
}

TEST_CASE("TYPE knows the registered types in any case") {
  RecordingServer server(compose_stages);
  server.run({"SET", "text", "v"});
  server.put_other("other");
  CHECK(server.run({"SCAN", "0", "TYPE", "OTHER"}) == "*2\r\n$1\r\n0\r\n*1\r\n" + bulk("other"));
  CHECK(server.run({"SCAN", "0", "TYPE", "string"}) == "*2\r\n$1\r\n0\r\n*1\r\n" + bulk("text"));
  CHECK(server.run({"SCAN", "0", "TYPE", "none"}) == "*2\r\n$1\r\n0\r\n*0\r\n");
}

}  // namespace full_server
