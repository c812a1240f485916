// SPDX-License-Identifier: MIT
// Whole servers that are killed, cut off and started again on the same disk.
#include "05-aof/append_only.h"

#include "03-get-set/commands.h"
#include "04-expiry/commands.h"
#include "05-aof/commands.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/fake_files.h"
#include "shared/testing/unit/recording_server.h"

namespace aof {

namespace {

constexpr const char* kIncrement = "appendonlydir/appendonly.aof.1.incr.aof";

class LoggingServer : public testing::InProcessServer {
 public:
  explicit LoggingServer(testing::FakeFiles& files,
                         std::initializer_list<std::string_view> flags = {})
      : InProcessServer([&](server::Server& server) {
          server.files = &files;
          get_set::compose(server);
          expiry::compose(server);
          aof::compose(server);
          REQUIRE(server.parameters.set_at_start("appendonly", {"yes"}));
          for (auto at = flags.begin(); at != flags.end(); at += 2) {
            REQUIRE(server.parameters.set_at_start(*at, {std::string(at[1])}));
          }
        }) {
    server().loading.finish();
  }
  AppendOnly& append_only() { return server().parts.get<AppendOnly>(); }
  bool gave_up() { return !append_only().log().is_open(); }
};

std::string log_of_three_sets() {
  testing::FakeFiles files;
  LoggingServer server(files, {"appendfsync", "always"});
  server.run({"SET", "a", "1"});
  server.run({"SET", "b", "2"});
  server.run({"SET", "c", "3"});
  return files.content(kIncrement);
}

void put_log(testing::FakeFiles& files, std::string_view bytes) {
  files.put("appendonlydir/appendonly.aof.manifest",
            "file appendonly.aof.1.incr.aof seq 1 type i\n");
  files.put(kIncrement, bytes);
}

}  // namespace

TEST_CASE("what was set is there after a restart, expiry and databases included") {
  testing::FakeFiles files;
  {
    LoggingServer server(files);
    CHECK(server.run({"SET", "a", "1"}) == "+OK\r\n");
    server.run({"SET", "b", "2", "EX", "100"});
    server.run({"SELECT", "3"});
    server.run({"INCR", "n"});
    server.run({"EXPIRE", "n", "100"});
    server.run({"GET", "n"});
  }
  LoggingServer server(files);
  CHECK(server.run({"GET", "a"}) == testing::bulk("1"));
  CHECK(server.run({"TTL", "b"}) == ":100\r\n");
  server.run({"SELECT", "3"});
  CHECK(server.run({"GET", "n"}) == testing::bulk("1"));
  CHECK(server.run({"TTL", "n"}) == ":100\r\n");
}

TEST_CASE("replay leaves the log as it is") {
  testing::FakeFiles files;
  const std::string log = log_of_three_sets();
  put_log(files, log);
  for (int i = 0; i < 3; ++i) LoggingServer server(files);
  CHECK(files.content(kIncrement) == log);
}

TEST_CASE("always: a power cut after any command loses nothing that was answered") {
  testing::FakeFiles files;
  for (int i = 0; i < 20; ++i) {
    LoggingServer server(files, {"appendfsync", "always"});
    CHECK(server.run({"INCR", "n"}) == ":" + std::to_string(i + 1) + "\r\n");
    files.power_cut();
  }
}

TEST_CASE("a log cut at any byte gives every whole command, and goes on from there") {
  const std::string log = log_of_three_sets();
  const size_t record = std::string_view("*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n").size();
  const size_t first = log.size() - 3 * record;
  for (size_t length = 0; length <= log.size(); ++length) {
    testing::FakeFiles files;
    put_log(files, log.substr(0, length));
    const size_t whole = length < first ? 0 : (length - first) / record;
    {
      LoggingServer server(files);
      CHECK(server.run({"DBSIZE"}) == ":" + std::to_string(whole) + "\r\n");
      server.run({"SET", "z", "26"});
    }
    LoggingServer again(files);
    CHECK(again.run({"DBSIZE"}) == ":" + std::to_string(whole + 1) + "\r\n");
  }
}

TEST_CASE("a torn end is refused without aof-load-truncated, and left alone") {
  testing::FakeFiles files;
  const std::string log = log_of_three_sets();
  put_log(files, log.substr(0, log.size() - 4));
  LoggingServer server(files, {"aof-load-truncated", "no"});
  CHECK(server.gave_up());
  CHECK(files.content(kIncrement).size() == log.size() - 4);
}

TEST_CASE("a torn end of any file but the last is refused") {
  testing::FakeFiles files;
  const std::string log = log_of_three_sets();
  files.put(
      "appendonlydir/appendonly.aof.manifest",
      "file appendonly.aof.1.incr.aof seq 1 type i\nfile appendonly.aof.2.incr.aof seq 2 type i\n");
  files.put(kIncrement, log.substr(0, log.size() - 1));
  files.put("appendonlydir/appendonly.aof.2.incr.aof", log);
  CHECK(LoggingServer(files).gave_up());
  files.put(kIncrement, log);
  LoggingServer server(files);
  CHECK(server.run({"DBSIZE"}) == ":3\r\n");
}

TEST_CASE("a damaged byte in the middle is refused and the file left alone") {
  const std::string log = log_of_three_sets();
  std::string damaged = log;
  damaged[30] = 'x';
  testing::FakeFiles files;
  put_log(files, damaged);
  CHECK(LoggingServer(files).gave_up());
  CHECK(files.content(kIncrement) == damaged);
}

TEST_CASE("a transaction is applied as a whole or not at all") {
  const std::string begin =
      "*1\r\n$5\r\nMULTI\r\n*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n*2\r\n$4\r\nINCR\r\n$"
      "1\r\na\r\n";
  const std::string end = "*1\r\n$4\r\nEXEC\r\n";
  testing::FakeFiles files;
  put_log(files, begin + end);
  CHECK(LoggingServer(files).run({"GET", "a"}) == testing::bulk("2"));
  for (size_t length = 0; length < end.size(); ++length) {
    put_log(files, begin + end.substr(0, length));
    LoggingServer server(files);
    CHECK(server.run({"DBSIZE"}) == ":0\r\n");
    CHECK(files.content(kIncrement).empty());
  }
}

TEST_CASE("a command that nobody knows stops the start") {
  testing::FakeFiles files;
  put_log(files, "*1\r\n$6\r\nNOSUCH\r\n");
  CHECK(LoggingServer(files).gave_up());
  put_log(files, "*2\r\n$6\r\nSELECT\r\n$2\r\n99\r\n");
  CHECK(LoggingServer(files).gave_up());
}

TEST_CASE("a key that expired is deleted in the log") {
  testing::FakeFiles files;
  LoggingServer server(files);
  server.run({"SET", "a", "1", "PX", "10"});
  server.advance_ms(20);
  server.run({"GET", "a"});
  CHECK(files.content(kIncrement).ends_with("*2\r\n$3\r\nDEL\r\n$1\r\na\r\n"));
}

TEST_CASE("switched on at run time, the log holds what was there before") {
  testing::FakeFiles files;
  {
    LoggingServer server(files);
    server.run({"SET", "a", "1"});
    CHECK(server.run({"CONFIG", "SET", "appendonly", "no"}) == "+OK\r\n");
    server.run({"SET", "b", "2", "PX", "100000"});
    server.run({"SELECT", "2"});
    server.run({"SET", "c", "7"});
    CHECK(server.run({"CONFIG", "SET", "appendonly", "yes"}) == "+OK\r\n");
    server.run({"INCR", "c"});
    CHECK(!files.exists(kIncrement));
    server.append_only().log().finish().ok();
    files.power_cut();
  }
  LoggingServer server(files);
  CHECK(server.run({"MGET", "a", "b"}) == "*2\r\n" + testing::bulk("1") + testing::bulk("2"));
  CHECK(server.run({"PTTL", "b"}) == ":100000\r\n");
  server.run({"SELECT", "2"});
  CHECK(server.run({"GET", "c"}) == testing::bulk("8"));
}

TEST_CASE("a power cut while the log begins anew leaves the old one or the new one") {
  for (uint64_t seed = 1; seed <= 50; ++seed) {
    testing::FakeFiles files;
    util::Random random(seed);
    {
      LoggingServer server(files, {"appendfsync", "always"});
      server.run({"SET", "a", "1"});
      server.append_only().start_over().ok();
      files.power_cut(random);
    }
    LoggingServer server(files);
    CHECK(server.run({"GET", "a"}) == testing::bulk("1"));
  }
}

TEST_CASE("a log file of an older Redis is taken over as the base") {
  testing::FakeFiles files;
  files.put("appendonly.aof", log_of_three_sets());
  {
    LoggingServer server(files);
    CHECK(server.run({"DBSIZE"}) == ":3\r\n");
    server.run({"SET", "d", "4"});
  }
  CHECK(!files.exists("appendonly.aof"));
  LoggingServer server(files);
  CHECK(server.run({"DBSIZE"}) == ":4\r\n");
}

TEST_CASE("a full disk: writes are refused, nothing else, until there is room") {
  testing::FakeFiles files;
  LoggingServer server(files);
  server.run({"SET", "a", "1"});
  files.fail_write_after(0, "No space left on device");
  server.run({"SET", "b", "2"});
  // The gate lets pass who has no socket: the question is put to it directly.
  CHECK(server.append_only().log().blocked() == "No space left on device");
  CHECK(server.run({"INFO", "persistence"}).find("aof_last_write_status:err") != std::string::npos);
  files.heal();
  server.advance_ms(1500);
  server.append_only().log().tick();
  CHECK(server.run({"INFO", "persistence"}).find("aof_last_write_status:ok") != std::string::npos);
}

}  // namespace aof
