// SPDX-License-Identifier: MIT
#include "10-full-server/stages.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/recording_server.h"
#include "shared/util/memory.h"

namespace full_server {

using testing::RecordingServer;

constexpr std::string_view kOom = "-OOM command not allowed when used memory > 'maxmemory'.\r\n";

static void limit(RecordingServer& server, std::string_view policy, int64_t spare) {
  resp::OutputBuffer::release_spare();  // which the evictor would give back first
  const int64_t bytes = static_cast<int64_t>(memory::used()) + spare;
  REQUIRE(server.run({"CONFIG", "SET", "maxmemory-policy", policy, "maxmemory-eviction-tenacity", "100"}) == "+OK\r\n");
  REQUIRE(server.run({"CONFIG", "SET", "maxmemory", std::to_string(bytes)}) == "+OK\r\n");
}

TEST_CASE("a full server refuses what needs memory, and nothing else") {
  RecordingServer server(compose_stages);
  server.run({"SET", "k", "v"});
  limit(server, "noeviction", -1000);
  CHECK(server.run({"SET", "k", "w"}) == kOom);
  CHECK(server.run({"GET", "k"}) == "$1\r\nv\r\n");
  CHECK(server.run({"DEL", "k"}) == ":1\r\n");
  CHECK(server.run({"CONFIG", "SET", "maxmemory", "0"}) == "+OK\r\n");
  CHECK(server.run({"SET", "k", "w"}) == "+OK\r\n");
}

TEST_CASE("a full server queues nothing, and a transaction fails as a whole or not at all") {
  RecordingServer server(compose_stages);
  server.run({"MULTI"});
  server.run({"SET", "k", "v"});
  auto& other = server.add_client();
  server.run(other, {"CONFIG", "SET", "maxmemory", "1"});
  CHECK(server.run({"GET", "k"}) == kOom);
  CHECK(server.run({"EXEC"}) == "-EXECABORT Transaction discarded because of previous errors.\r\n");
  server.run(other, {"CONFIG", "SET", "maxmemory", "0"});
  server.run({"MULTI"});
  server.run({"SET", "k", "v"});
  server.run(other, {"CONFIG", "SET", "maxmemory", "1"});
  CHECK(server.run({"EXEC"}) == "-EXECABORT Transaction discarded because of: OOM command not allowed when used "
                                "memory > 'maxmemory'.\r\n");
  server.run(other, {"CONFIG", "SET", "maxmemory", "0"});
  server.run({"MULTI"});
  server.run({"GET", "k"});
  server.run(other, {"CONFIG", "SET", "maxmemory", "1"});
  CHECK(server.run({"EXEC"}) == "*1\r\n$-1\r\n");
}

TEST_CASE("keys give way before a command, and their removal is passed on") {
  RecordingServer server(compose_stages);
  const std::string value(100'000, 'x');
  for (int i = 0; i < 20; ++i) {
    server.run({"SET", "k" + std::to_string(i), value});
    server.advance_ms(1000);
  }
  server.run({"CONFIG", "SET", "maxmemory-samples", "64"});
  server.passed_on();  // all these values
  server.events();
  limit(server, "allkeys-lru", -250'000);
  server.run({"GET", "k19"});
  CHECK(server.run({"DBSIZE"}) == ":17\r\n");
  CHECK(server.server().databases.environment().evicted == 3);
  CHECK(server.run({"EXISTS", "k0", "k1", "k2", "k3"}) == ":1\r\n");
}

TEST_CASE("OBJECT FREQ counts uses where the policy does, and IDLETIME where it does not") {
  RecordingServer server(compose_stages);
  server.run({"CONFIG", "SET", "maxmemory-policy", "allkeys-lfu", "lfu-log-factor", "0"});
  server.run({"SET", "k", "v"});
  CHECK(server.run({"OBJECT", "FREQ", "k"}) == ":5\r\n");
  server.run({"GET", "k"});
  server.run({"SET", "k", "w"});
  CHECK(server.run({"OBJECT", "FREQ", "k"}) == ":7\r\n");
  CHECK(server.run({"OBJECT", "IDLETIME", "k"}).starts_with("-ERR An LFU maxmemory policy is selected"));
  server.advance_ms(3 * 60'000);
  CHECK(server.run({"OBJECT", "FREQ", "k"}) == ":4\r\n");
  server.run({"CONFIG", "SET", "maxmemory-policy", "volatile-lru"});
  CHECK(server.run({"OBJECT", "FREQ", "k"}).starts_with("-ERR An LFU maxmemory policy is not selected"));
}

TEST_CASE("integers are shared until a policy has to know when each was used") {
  RecordingServer server(compose_stages);
  server.run({"SET", "k", "1"});
  CHECK(server.run({"OBJECT", "REFCOUNT", "k"}) == ":2147483647\r\n");
  server.run({"CONFIG", "SET", "maxmemory", "10gb", "maxmemory-policy", "allkeys-random"});
  CHECK(server.run({"OBJECT", "REFCOUNT", "k"}) == ":2147483647\r\n");
  server.run({"CONFIG", "SET", "maxmemory-policy", "allkeys-lru"});
  CHECK(server.run({"OBJECT", "REFCOUNT", "k"}) == ":1\r\n");
}

}  // namespace full_server
