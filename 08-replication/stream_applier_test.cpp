// SPDX-License-Identifier: MIT
#include "08-replication/stream_applier.h"

#include <string>

#include "03-get-set/commands.h"
#include "04-expiry/commands.h"
#include "shared/resp/request_writer.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/recording_server.h"

using replication::ReplicationStream;
using replication::StreamApplier;

namespace {

std::string request(std::initializer_list<std::string_view> words) {
  util::ByteBuffer bytes;
  resp::append_request(bytes, resp::Args(words.begin(), words.size()));
  return std::string(bytes.view());
}

const std::string kMulti = request({"MULTI"}), kExec = request({"EXEC"});

struct Follower {
  testing::RecordingServer server{[](server::Server& s) {
    get_set::compose(s);
    expiry::compose(s);
  }};
  const uint64_t limit = 1 << 20;
  ReplicationStream stream{limit};
  StreamApplier applier{server.server().executor, stream};
  std::string get(std::string_view key) { return server.run({"GET", key}); }
};

}  // namespace

TEST_CASE("applier: any cut gives the same data and the same offset") {
  const std::string all = request({"SELECT", "0"}) + request({"SET", "name", "alice"}) + "\n" +
                          kMulti + request({"SET", "a", "1"}) +
                          request({"SET", "b", std::string(40'000, 'x')}) + kExec +
                          request({"INCR", "a"}) + "PING\r\n";
  for (size_t piece = 1; piece < all.size(); piece = piece < 200 ? piece + 1 : piece * 2) {
    Follower replica;
    for (size_t at = 0; at < all.size(); at += piece) {
      REQUIRE(replica.applier.feed(std::string_view(all).substr(at, piece)));
      const auto counted = static_cast<size_t>(replica.stream.end()) + replica.applier.read_ahead();
      REQUIRE(counted == std::min(at + piece, all.size()));
    }
    REQUIRE(replica.stream.end() == static_cast<int64_t>(all.size()));
    REQUIRE(replica.get("a") == testing::bulk("2"));
    REQUIRE(replica.get("b").size() > 40'000);
    resp::OutputBuffer copy;
    replica.stream.copy_to(copy, 0);
    REQUIRE(copy.size() == all.size());
  }
}

TEST_CASE("applier: half a transaction changes nothing, and is not counted") {
  Follower replica;
  CHECK(replica.applier.feed(kMulti + request({"SET", "a", "1"})));
  CHECK(replica.stream.end() == 0);
  CHECK(replica.get("a") == testing::kNull);
  replica.applier.restart();  // the connection broke; the master sends all of it again
  CHECK(replica.applier.feed(kMulti + request({"SET", "a", "2"}) + kExec));
  CHECK(replica.get("a") == testing::bulk("2"));
}

TEST_CASE("applier: it answers nobody, whatever happens") {
  Follower replica;
  CHECK(replica.applier.feed(request({"GET", "a"}) + request({"NONSENSE"}) +
                             request({"INCRBY", "a", "x"})));
  CHECK(replica.applier.client().output.empty());
}

TEST_CASE("applier: a deadline that has passed is the master's business") {
  Follower replica;
  replica.server.server().databases.environment().expiry = keyspace::ExpiryMode::Hide;
  CHECK(replica.applier.feed(request({"SET", "a", "1", "PXAT", "1700000000100"})));
  replica.server.advance_ms(1000);
  CHECK(replica.get("a") == testing::kNull);
  CHECK(replica.applier.feed(request({"INCR", "a"})));  // on the master it was there
  CHECK(replica.applier.feed(request({"PERSIST", "a"})));
  CHECK(replica.get("a") == testing::bulk("2"));
}

TEST_CASE("applier: what is no request ends the connection") {
  for (const char* wrong :
       {"*1\r\n+PING\r\n", "*x\r\n", "*1\r\n$-1\r\n", "*1\r\n$99999999999999999999\r\n"}) {
    Follower replica;
    CHECK_FALSE(replica.applier.feed(wrong));
  }
}
