// SPDX-License-Identifier: MIT
// The log while it is written, on a disk that is full, fails, is slow, or loses its power.
#include "05-aof/append_log.h"

#include "shared/testing/catch.h"
#include "shared/testing/unit/fake_clock.h"
#include "shared/testing/unit/fake_files.h"

namespace aof {

namespace {

struct Died {};

struct Fixture {
  explicit Fixture(SyncPolicy policy) {
    settings.sync = static_cast<int>(policy);
    quiet.level = server::LogLevel::Nothing;
    files.put("log", "");  // its name is safe
    open();
    files.take_journal();
  }
  void open() {
    auto file = std::shared_ptr(std::move(files.open("log", util::OpenMode::Append).value()));
    const uint64_t size = file->size().value();
    log.open(std::move(file), size);
  }
  void turn(std::string_view request, int db = 0) {
    log.consume(db, request);
    log.end_turn();
  }
  void pass_ms(int64_t ms) {
    clock.advance_ms(ms);
    log.tick();
  }
  std::vector<std::string> journal() { return files.take_journal(); }
  using Journal = std::vector<std::string>;

  testing::FakeFiles files;
  testing::FakeClock clock;
  LogSettings settings;
  server::Log quiet;
  int changes = 0;
  AppendLog log{{.settings = settings,
                 .log = quiet,
                 .clock = clock,
                 .child_runs = [] { return false; },
                 .die = [] { throw Died{}; },
                 .blocked = [this] { ++changes; }}};
};

constexpr std::string_view kSelect0 = "*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n";
constexpr std::string_view kSelect3 = "*2\r\n$6\r\nSELECT\r\n$1\r\n3\r\n";

}  // namespace

TEST_CASE("a SELECT stands before the first request and wherever the database changes") {
  Fixture test(SyncPolicy::No);
  test.log.consume(0, "a");
  test.log.consume(0, "b");
  test.log.consume(3, "c");
  test.log.consume(0, "d");
  test.log.end_turn();
  const std::string expected =
      std::string(kSelect0) + "ab" + std::string(kSelect3) + "c" + std::string(kSelect0) + "d";
  CHECK(test.files.content("log") == expected);
  CHECK(test.journal() == Fixture::Journal{"write log " + std::to_string(expected.size())});
  CHECK(test.log.size() == expected.size());
}

TEST_CASE("a file that is opened again is told the database anew") {
  Fixture test(SyncPolicy::No);
  test.turn("a");
  test.open();
  test.turn("b");
  CHECK(test.files.content("log") == std::string(kSelect0) + "a" + std::string(kSelect0) + "b");
}

TEST_CASE("always: one write and one sync a turn, and nothing without changes") {
  Fixture test(SyncPolicy::Always);
  test.log.consume(0, "a");
  test.turn("b");
  CHECK(test.journal() == Fixture::Journal{"write log 25", "sync log"});
  test.log.end_turn();
  CHECK(test.journal().empty());
}

TEST_CASE("always: whoever cannot write or sync dies") {
  Fixture full(SyncPolicy::Always);
  full.files.fail_write_after(3, "No space left on device");
  CHECK_THROWS_AS(full.turn("a"), Died);
  CHECK(full.files.content("log").empty());
  Fixture broken(SyncPolicy::Always);
  broken.files.fail_sync("Input/output error");
  CHECK_THROWS_AS(broken.turn("a"), Died);
}

TEST_CASE("no: the system syncs when it pleases, and the end does") {
  Fixture test(SyncPolicy::No);
  test.turn("a");
  test.pass_ms(10'000);
  CHECK(test.files.synced_content("log").empty());
  CHECK(test.log.finish().ok());
  CHECK(test.files.synced_content("log") == std::string(kSelect0) + "a");
}

TEST_CASE("a short write is taken back, and tried again each second until it works") {
  Fixture test(SyncPolicy::No);
  test.turn("a");
  const std::string before = test.files.content("log");
  test.files.fail_write_after(3, "No space left on device");
  test.turn("bcdef");
  CHECK(test.files.content("log") == before);
  CHECK(test.log.blocked() == "No space left on device");
  test.journal();
  test.turn("g");
  CHECK(test.journal().empty());
  test.pass_ms(900);
  CHECK(test.journal().empty());
  test.pass_ms(200);
  CHECK(!test.journal().empty());
  test.files.heal();
  test.pass_ms(1000);
  CHECK(test.log.blocked().empty());
  CHECK(test.files.content("log") == before + "bcdefg");
}

TEST_CASE("everysec: at most once a second, and again when the first has failed") {
  Fixture test(SyncPolicy::EverySecond);
  test.turn("a");
  test.pass_ms(500);
  CHECK(!test.log.sync_pending());
  CHECK(test.files.synced_content("log").empty());
  test.files.fail_sync("Input/output error");
  test.pass_ms(500);
  while (test.log.sync_pending()) std::this_thread::yield();
  test.pass_ms(100);
  CHECK(test.log.blocked() == "Input/output error");
  test.files.heal();
  test.pass_ms(1000);
  while (test.log.sync_pending()) std::this_thread::yield();
  test.pass_ms(100);
  CHECK(test.log.blocked().empty());
  CHECK(test.files.synced_content("log") == test.files.content("log"));
}

TEST_CASE("everysec: while a sync runs, writes wait, for two seconds at most") {
  Fixture test(SyncPolicy::EverySecond);
  test.files.hold_syncs(true);
  test.clock.advance_ms(1000);
  test.turn("a");
  CHECK(test.log.sync_pending());
  test.journal();
  test.turn("b");
  test.pass_ms(1900);
  CHECK(test.journal().empty());
  CHECK(test.log.delayed_syncs() == 0);
  test.pass_ms(100);
  CHECK(test.journal() == Fixture::Journal{"write log 1"});
  CHECK(test.log.delayed_syncs() == 1);
  test.files.hold_syncs(false);
  CHECK(test.log.finish().ok());
}

TEST_CASE("everysec: a power cut at any tick loses about a second") {
  Fixture test(SyncPolicy::EverySecond);
  for (int ms = 0; ms < 5000; ms += 100) {
    test.turn("x");
    test.pass_ms(100);
    while (test.log.sync_pending()) std::this_thread::yield();
    CHECK(test.files.content("log").size() - test.files.synced_content("log").size() <=
          11 + kSelect0.size());
  }
}

}  // namespace aof
