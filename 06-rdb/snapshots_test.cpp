// SPDX-License-Identifier: MIT
// The stage's commands and parameters in a server without sockets, on a disk that fails on demand.
#include <string>

#include "03-get-set/commands.h"
#include "04-expiry/commands.h"
#include "06-rdb/commands.h"
#include "06-rdb/save_points.h"
#include "06-rdb/snapshot_loader.h"
#include "06-rdb/snapshot_saver.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/fake_files.h"
#include "shared/testing/unit/in_process_server.h"

namespace rdb {

namespace {

class SnapshotServer : public testing::InProcessServer {
 public:
  explicit SnapshotServer(testing::FakeFiles& files)
      : InProcessServer([&files](server::Server& server) {
          server.files = &files;
          server.log.level = server::LogLevel::Nothing;
          get_set::compose(server);
          expiry::compose(server);
          compose(server);
        }) {
    server().loading.finish();  // what it found at its start
  }
  SnapshotSaver& saver() { return server().parts.get<SnapshotSaver>(); }
  std::string size() { return run({"DBSIZE"}); }
};

}  // namespace

TEST_CASE("SAVE, and the next server has it all") {
  testing::FakeFiles files;
  {
    SnapshotServer server(files);
    CHECK(server.run({"SET", "a", "1"}) == "+OK\r\n");
    CHECK(server.run({"SET", "b", "2", "PXAT", "1700000001000"}) == "+OK\r\n");
    CHECK(server.saver().changes_since_save() == 2);
    server.advance_ms(500);
    CHECK(server.run({"SAVE"}) == "+OK\r\n");
    CHECK(server.saver().changes_since_save() == 0);
    CHECK(server.run({"LASTSAVE"}) == ":1700000000\r\n");
    CHECK(server.run({"SET", "c", "3"}) == "+OK\r\n");
    CHECK(server.saver().changes_since_save() == 1);
  }
  files.power_cut();
  SnapshotServer server(files);
  CHECK(server.size() == ":2\r\n");
  CHECK(server.run({"PEXPIRETIME", "b"}) == ":1700000001000\r\n");
  CHECK(server.saver().changes_since_save() == 0);
}

TEST_CASE("LOAD: the dump in the place of everything, or nothing of it") {
  testing::FakeFiles files;
  SnapshotServer server(files);
  CHECK(server.run({"LOAD"}) == "-ERR dump.rdb: No such file or directory\r\n");
  server.run({"SET", "a", "1"});
  server.run({"SAVE"});
  server.run({"SET", "a", "2"});
  server.run({"SELECT", "5"});
  server.run({"SET", "b", "2"});
  std::string dump = files.content("dump.rdb");
  const std::string sound = dump;
  dump[dump.size() / 2] ^= 1;
  files.put("dump.rdb", dump);
  CHECK(server.run({"LOAD"}).find(" at byte ") != std::string::npos);
  CHECK(server.run({"GET", "b"}) == "$1\r\n2\r\n");
  CHECK(files.content("dump.rdb") == dump);
  files.put("dump.rdb", sound);
  CHECK(server.run({"LOAD"}) == "+OK\r\n");
  CHECK(server.run({"GET", "b"}) == "$-1\r\n");
  server.run({"SELECT", "0"});
  CHECK(server.run({"GET", "a"}) == "$1\r\n1\r\n");
  CHECK(server.saver().changes_since_save() == 0);
}

TEST_CASE("SAVE on a full disk: an error, the old dump, and the changes still count") {
  testing::FakeFiles files;
  SnapshotServer server(files);
  server.run({"SET", "a", "1"});
  server.run({"SAVE"});
  const std::string before = files.content("dump.rdb");
  server.run({"SET", "a", "2"});
  files.fail_write_after(10, "No space left on device");
  CHECK(server.run({"SAVE"}) == "-ERR\r\n");
  CHECK(files.content("dump.rdb") == before);
  CHECK(server.saver().changes_since_save() == 1);
}

TEST_CASE("the shutdown's step saves as it is told, and refuses when it cannot") {
  testing::FakeFiles files;
  SnapshotServer server(files);
  server.run({"SET", "a", "1"});
  const auto ask = [&](server::ShutdownRequest::Save save) {
    std::string why;
    for (const server::ShutdownStep& step : server.server().shutdown_steps()) {
      if (step.order != server::shutdown_order::kSnapshot) continue;
      if (step.run({.save = save}, why) == server::ShutdownStep::Outcome::Refused)
        return "refused: " + why;
    }
    return std::string(files.exists("dump.rdb") ? "saved" : "not saved");
  };
  using Save = server::ShutdownRequest::Save;
  CHECK(ask(Save::Never) == "not saved");
  CHECK(server.run({"CONFIG", "SET", "save", ""}) == "+OK\r\n");
  CHECK(ask(Save::IfConfigured) == "not saved");
  CHECK(ask(Save::Always) == "saved");
  (void)files.remove("dump.rdb");
  CHECK(server.run({"CONFIG", "SET", "save", "60 1"}) == "+OK\r\n");
  files.fail_sync("Input/output error");
  CHECK(ask(Save::IfConfigured) == "refused: Error trying to save the DB");
  files.heal();
  CHECK(ask(Save::IfConfigured) == "saved");
}

TEST_CASE("other parts' fields travel in the file") {
  testing::FakeFiles files;
  SnapshotServer server(files);
  server.saver().add_aux_source([](std::vector<AuxField>& fields) {
    fields.push_back({"repl-offset", "123"});
  });
  std::string seen;
  server.server().parts.get<SnapshotLoader>().on_aux(
      [&](std::string_view name, std::string_view value) {
        seen.append(name).append("=").append(value).append(" ");
      });
  server.run({"SAVE"});
  server.run({"LOAD"});
  CHECK(seen.starts_with("redis-ver=7.2.6 redis-bits=64 ctime=1700000000 used-mem="));
  CHECK(seen.ends_with(" repl-offset=123 aof-base=0 "));
}

TEST_CASE("save points: read, printed, reached") {
  SavePoints points;
  CHECK(points.text() == "3600 1 300 100 60 10000");
  CHECK_FALSE(points.due(99, 300));
  CHECK_FALSE(points.due(99, 3600));
  CHECK(points.due(1, 3601)->seconds == 3600);
  CHECK(points.due(100, 301)->seconds == 300);
  CHECK_FALSE(points.due(0, 100000));
  for (const std::string_view wrong : {"60", "0 1", "60 -1", "x 1", "60 1 5", "60 1.5"}) {
    CHECK(points.set(wrong).error() == "Invalid save parameters");
  }
  CHECK(points.text() == "3600 1 300 100 60 10000");
  CHECK(points.set("60 0"));
  CHECK(points.due(0, 61));
  CHECK(points.add("900 5"));
  CHECK(points.lines() == std::vector<std::string>{"save 60 0", "save 900 5"});
  CHECK(points.set(""));
  CHECK(points.lines() == std::vector<std::string>{"save \"\""});
  CHECK_FALSE(points.due(1000000, 1000000));
}

}  // namespace rdb
