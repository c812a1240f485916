// SPDX-License-Identifier: MIT
#include "10-full-server/log_rewrite/log_timestamps.h"

#include "shared/testing/catch.h"
#include "shared/testing/unit/fake_clock.h"
#include "shared/testing/unit/fake_files.h"

namespace log_rewrite {

namespace {

struct Fixture {
  Fixture() {
    quiet.level = server::LogLevel::Nothing;
    settings.sync = static_cast<int>(aof::SyncPolicy::No);  // nothing waits for a thread
    files.put("log", "");
    log.open(std::shared_ptr(std::move(files.open("log", util::OpenMode::Append).value())), 0);
    timestamps.update();
  }
  std::string append(std::string_view request, int64_t pass_ms) {
    clock.advance_ms(pass_ms);
    const size_t before = files.content("log").size();
    log.consume(0, request);
    log.end_turn();
    return files.content("log").substr(before);
  }

  testing::FakeFiles files;
  testing::FakeClock clock;
  aof::LogSettings settings;
  server::Log quiet;
  aof::AppendLog log{{.settings = settings,
                      .log = quiet,
                      .clock = clock,
                      .child_runs = [] { return false; },
                      .die = [] {},
                      .blocked = [] {}}};
  LogTimestamps timestamps{log, clock};
};

}  // namespace

TEST_CASE("log timestamps: one in front of the first request of a second, none unless wanted") {
  Fixture test;
  CHECK(test.append("a", 0) == "*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\na");
  test.timestamps.enabled() = true;
  test.timestamps.update();
  test.clock.advance_ms(1000 - test.clock.wall_ms() % 1000);
  const std::string first = test.timestamps.line();
  CHECK(first == "#TS:" + std::to_string(test.clock.wall_ms() / 1000) + "\r\n");
  CHECK(test.append("b", 0) == first + "b");
  CHECK(test.append("c", 999) == "c");
  const std::string later = test.append("d", 1);
  CHECK(later == test.timestamps.line() + "d");
  test.timestamps.enabled() = false;
  test.timestamps.update();
  CHECK(test.append("e", 5000) == "e");
}

}  // namespace log_rewrite
