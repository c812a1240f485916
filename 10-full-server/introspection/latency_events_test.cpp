// SPDX-License-Identifier: MIT
//
// What the disk and the freeing of keys cost, on a clock that only they turn.
#include <unistd.h>

#include <string>

#include "10-full-server/introspection/latency_monitor.h"
#include "10-full-server/introspection/latency_text.h"
#include "10-full-server/introspection/timed_files.h"
#include "10-full-server/stages.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/fake_files.h"
#include "shared/testing/unit/in_process_server.h"

namespace introspection {

namespace {

using util::File;
using util::OpenMode;
using util::Result;

struct Delays {
  util::Clock* clock = nullptr;
  int64_t write_ms = 0, sync_ms = 0, size_ms = 0, rename_ms = 0, remove_ms = 0;

  void pass(int64_t ms) const {
    if (ms != 0) static_cast<testing::FakeClock*>(clock)->advance_ms(ms);
  }
};

class SlowFile final : public File {
 public:
  SlowFile(std::unique_ptr<File> file, const Delays& delays)
      : file_(std::move(file)), delays_(delays) {}
  Result<size_t> write(std::string_view bytes) override {
    return delays_.pass(delays_.write_ms), file_->write(bytes);
  }
  Result<size_t> read(std::span<char> into) override { return file_->read(into); }
  Result<> sync() override { return delays_.pass(delays_.sync_ms), file_->sync(); }
  Result<> truncate(uint64_t size) override { return file_->truncate(size); }
  Result<uint64_t> size() override { return delays_.pass(delays_.size_ms), file_->size(); }
  int descriptor() const override { return file_->descriptor(); }

 private:
  std::unique_ptr<File> file_;
  const Delays& delays_;
};

struct SlowFiles final : public util::Files {
  Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override {
    auto opened = files.open(path, mode);
    if (!opened) return opened;
    return std::unique_ptr<File>(std::make_unique<SlowFile>(std::move(opened.value()), delays));
  }
  Result<> rename(const std::string& from, const std::string& to) override {
    return delays.pass(delays.rename_ms), files.rename(from, to);
  }
  Result<> remove(const std::string& path) override {
    return delays.pass(delays.remove_ms), files.remove(path);
  }
  Result<> make_directory(const std::string& path) override { return files.make_directory(path); }
  Result<> sync_directory(const std::string& path) override { return files.sync_directory(path); }
  bool exists(const std::string& path) override { return files.exists(path); }
  Result<std::vector<std::string>> list(const std::string& path) override {
    return files.list(path);
  }

  testing::FakeFiles files;
  Delays delays;
};

struct Fixture {
  SlowFiles disk;
  testing::InProcessServer server{[this](server::Server& s) {
    disk.delays.clock = &s.clock;
    s.files = &disk;
    full_server::compose_stages(s);
    REQUIRE(s.parameters.set_at_start("appendonly", {"yes"}));
    REQUIRE(s.parameters.set_at_start("appendfsync", {"always"}));
    REQUIRE(s.parameters.set_at_start("save", {""}));
  }};
  LatencyMonitor& monitor = server.server().parts.get<LatencyMonitor>();

  Fixture() { server.run({"CONFIG", "SET", "latency-monitor-threshold", "10"}); }

  // The last sample of the event, in milliseconds; 0: none.
  int64_t last(std::string_view event) const {
    const LatencySeries* series = monitor.find(event);
    return series == nullptr ? 0 : series->latest().milliseconds;
  }
};

}  // namespace

TEST_CASE("latency: a write to the log that everybody waits for, and its sync") {
  Fixture f;
  f.disk.delays.write_ms = 20;
  f.disk.delays.sync_ms = 30;
  CHECK(f.server.run({"SET", "k", "v"}) == "+OK\r\n");
  CHECK(f.last("aof-write") == 20);
  CHECK(f.last("aof-write-alone") == 20);
  CHECK(f.last("aof-fsync-always") == 30);
  CHECK(f.last("aof-write-active-child") == 0);
  CHECK(f.last("aof-write-pending-fsync") == 0);
  CHECK(latency_report(f.monitor, {}).find("The log waited for the disk") != std::string::npos);
}

TEST_CASE("latency: what is shorter than the threshold, or while there is none, is nothing") {
  Fixture f;
  f.disk.delays.write_ms = 9;
  f.server.run({"SET", "k", "v"});
  f.server.run({"CONFIG", "SET", "latency-monitor-threshold", "0"});
  f.disk.delays.write_ms = 90;
  f.server.run({"SET", "k", "w"});
  CHECK(f.monitor.events().empty());
}

TEST_CASE("latency: a sync that is nobody's business is none of the monitor's") {
  Fixture f;
  f.server.run({"CONFIG", "SET", "appendfsync", "no"});
  f.disk.delays.write_ms = 20;
  f.disk.delays.sync_ms = 30;
  f.server.run({"SET", "k", "v"});
  CHECK(f.last("aof-write") == 20);
  CHECK(f.last("aof-fsync-always") == 0);
}

TEST_CASE("latency: a write says what it may have waited for") {
  Fixture f;
  f.server.run({"CONFIG", "SET", "appendfsync", "everysec"});
  f.server.advance_ms(2000);
  f.disk.files.hold_syncs(true);
  f.server.run({"SET", "k", "1"});  // its sync goes on and on
  f.disk.delays.write_ms = 20;
  f.server.run({"SET", "k", "2"});
  CHECK(f.last("aof-write") == 0);
  f.server.advance_ms(2000);
  f.server.run({"SET", "k", "3"});
  f.disk.files.hold_syncs(false);
  CHECK(f.last("aof-write-pending-fsync") == 20);
  CHECK(f.last("aof-write-alone") == 0);

  f.server.run({"CONFIG", "SET", "appendfsync", "no"});
  const auto work = [](std::string&) -> int {
    for (;;) pause();
  };
  REQUIRE(f.server.server().child.start("test", work, [](const auto&) {}));
  f.server.run({"SET", "k", "4"});
  CHECK(f.last("aof-write-active-child") == 20);
  CHECK(f.last("aof-write-alone") == 0);
}

TEST_CASE(
    "latency: renames and sizes of the log's files, the removal of a snapshot that was not "
    "finished") {
  Fixture f;
  util::Files& files = *f.server.server().files;
  f.disk.files.put("temp-7.rdb", "x");
  f.disk.files.put("temp-rewriteaof-bg-7.aof", "x");
  f.disk.files.put("other", "x");
  f.disk.delays.rename_ms = 40;
  f.disk.delays.remove_ms = 50;
  f.disk.delays.size_ms = 60;
  REQUIRE(files.remove("other"));
  REQUIRE(files.rename("temp-rewriteaof-bg-7.aof", "dump.rdb"));
  CHECK(f.monitor.events().empty());
  REQUIRE(files.remove("temp-7.rdb"));
  CHECK(f.last("rdb-unlink-temp-file") == 50);
  REQUIRE(files.rename("dump.rdb", "appendonlydir/appendonly.aof.9.base.rdb"));
  CHECK(f.last("aof-rename") == 40);
  REQUIRE(files.open("appendonlydir/appendonly.aof.9.base.rdb", OpenMode::Read).value()->size());
  CHECK(f.last("aof-fstat") == 60);
}

TEST_CASE("latency: a large value that expires holds everybody up, and its name is expire-del") {
  Fixture f;
  f.server.run({"CONFIG", "SET", "latency-monitor-threshold", "1", "appendfsync", "no"});
  for (int i = 0; i < 200'000; ++i)
    f.server.run({"SADD", "large", "a member of some length, number " + std::to_string(i)});
  f.server.run({"PEXPIRE", "large", "1"});
  f.server.advance_ms(2);
  CHECK(f.server.run({"EXISTS", "large"}) == ":0\r\n");
  CHECK(f.last("expire-del") > 0);
}

}  // namespace introspection
