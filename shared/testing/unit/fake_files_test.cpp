// SPDX-License-Identifier: MIT
#include "shared/testing/unit/fake_files.h"

#include <set>
#include <thread>

#include "shared/testing/catch.h"

using testing::FakeFiles;
using util::OpenMode;
using Lines = std::vector<std::string>;

namespace {

std::unique_ptr<util::File> opened(FakeFiles& files, const std::string& path, OpenMode mode) {
  auto file = files.open(path, mode);
  if (!file) FAIL(path + ": " + file.error());
  return std::move(file.value());
}

std::string read_all(FakeFiles& files, const std::string& path) {
  const auto file = opened(files, path, OpenMode::Read);
  std::string all;
  char piece[3];
  for (;;) {
    const size_t count = file->read(piece).value();
    if (count == 0) return all;
    all.append(piece, count);
  }
}

}  // namespace

TEST_CASE("fake files: behave like files") {
  FakeFiles files;
  const auto log = opened(files, "./log", OpenMode::Append);
  CHECK(log->write("one two").value() == 7);
  CHECK(log->truncate(4));
  CHECK(log->write("2").value() == 1);
  CHECK(log->size().value() == 5);
  CHECK(read_all(files, "log") == "one 2");
  CHECK(util::write_all(*opened(files, "log", OpenMode::Replace), "new"));
  CHECK(log->write("er").value() == 2);
  CHECK(files.content("log") == "newer");
  CHECK(files.make_directory("d"));
  CHECK(files.make_directory("d/"));
  CHECK(util::write_all(*opened(files, "d//b", OpenMode::Append), "b"));
  CHECK(files.rename("log", "d/a"));
  CHECK(files.list("d").value() == Lines{"a", "b"});
  CHECK(files.list(".").value() == Lines{"d"});
  CHECK(files.rename("d/a", "d/b"));
  CHECK(files.list("d").value() == Lines{"b"});
  CHECK(files.content("d/b") == "newer");
  CHECK(files.remove("d/b"));
  CHECK_FALSE(files.exists("d/b"));
  CHECK(log->write("!").value() == 1);  // removed and still open
}

TEST_CASE("fake files: fail like files") {
  FakeFiles files;
  const std::string missing = "No such file or directory";
  CHECK(files.open("a", OpenMode::Read).error() == missing);
  CHECK(files.open("d/a", OpenMode::Append).error() == missing);
  CHECK(files.rename("a", "b").error() == missing);
  CHECK(files.remove("a").error() == missing);
  CHECK(files.make_directory("d/e").error() == missing);
  CHECK(files.sync_directory("d").error() == missing);
  CHECK(files.list("d").error() == missing);
  files.put("a", "x");
  CHECK(opened(files, "a", OpenMode::Read)->write("y").error() == "Bad file descriptor");
  char byte[1];
  CHECK(opened(files, "a", OpenMode::Append)->read(byte).error() == "Bad file descriptor");
}

TEST_CASE("fake files: a power cut leaves what was synced") {
  FakeFiles files;
  files.put("log", "old");
  const auto log = opened(files, "log", OpenMode::Append);
  CHECK(log->write(" safe").value() == 5);
  CHECK(log->sync());
  CHECK(log->write(" lost").value() == 5);
  CHECK(files.synced_content("log") == "old safe");
  const auto fresh = opened(files, "fresh", OpenMode::Append);
  CHECK(util::write_all(*fresh, "bytes without a name"));
  CHECK(fresh->sync());
  CHECK_FALSE(files.survives("fresh"));
  files.power_cut();
  CHECK(files.content("log") == "old safe");
  CHECK_FALSE(files.exists("fresh"));
  CHECK(log->write("x").error() == "Input/output error");
  CHECK(log->sync().error() == "Input/output error");
  CHECK(util::write_all(*opened(files, "log", OpenMode::Append), "!"));
  CHECK(files.content("log") == "old safe!");
}

TEST_CASE("fake files: names are safe once their folder is synced") {
  FakeFiles files;
  files.put("d/a", "A");
  files.put("d/b", "B");
  SECTION("not synced: all undone") {
    CHECK(files.rename("d/a", "d/b"));
    CHECK(files.make_directory("e"));
    CHECK(files.sync_directory("."));
    CHECK(opened(files, "d/c", OpenMode::Append));
    files.power_cut();
    CHECK(files.list("d").value() == Lines{"a", "b"});
    CHECK(files.content("d/b") == "B");
    CHECK(files.list(".").value() == Lines{"d", "e"});
  }
  SECTION("synced: all done, and a name without synced bytes is an empty file") {
    CHECK(files.rename("d/a", "d/b"));
    CHECK(util::write_all(*opened(files, "d/c", OpenMode::Append), "C"));
    CHECK(files.sync_directory("d"));
    files.power_cut();
    CHECK(files.list("d").value() == Lines{"b", "c"});
    CHECK(files.content("d/b") == "A");
    CHECK(files.content("d/c").empty());
  }
  SECTION("a removal is undone, a folder takes its content along") {
    CHECK(files.remove("d/a"));
    CHECK(files.make_directory("e"));
    CHECK(opened(files, "e/x", OpenMode::Append)->sync());
    CHECK(files.sync_directory("e"));
    files.power_cut();
    CHECK(files.content("d/a") == "A");
    CHECK_FALSE(files.exists("e/x"));
  }
}

TEST_CASE("fake files: with luck, a part of what was not synced is there") {
  std::set<std::string> seen;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    FakeFiles files;
    files.put("log", "0");
    const auto log = opened(files, "log", OpenMode::Append);
    for (const char* piece : {"12", "34", "56"}) CHECK(util::write_all(*log, piece));
    util::Random random(seed);
    files.power_cut(random);
    seen.insert(files.content("log"));
    CHECK(files.synced_content("log") == files.content("log"));
  }
  CHECK(seen == std::set<std::string>{"0", "01", "012", "0123", "01234", "012345", "0123456"});
}

TEST_CASE("fake files: replace_file shows the old content or the new one at every moment") {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    FakeFiles files;
    util::Random random(seed);
    files.put("manifest", "old");
    // The power goes at whichever step fails.
    if (seed % 4 == 1) files.fail_sync("Input/output error");
    if (seed % 4 == 2) files.fail_rename("Input/output error");
    if (seed % 4 == 3) files.fail_write_after(random.below(6), "No space left on device");
    const bool done = util::replace_file(files, "manifest", "brand new").ok();
    CHECK(done == (seed % 4 == 0));
    files.power_cut(random);
    CHECK(files.content("manifest") == (done ? "brand new" : "old"));
  }
}

TEST_CASE("fake files: faults") {
  FakeFiles files;
  const auto log = opened(files, "log", OpenMode::Append);
  CHECK(files.sync_directory("."));
  files.fail_write_after(5, "No space left on device");
  CHECK(log->write("123").value() == 3);
  CHECK(log->write("456").value() == 2);
  CHECK(log->write("6").error() == "No space left on device");
  files.fail_sync("Input/output error");
  CHECK(log->sync().error() == "Input/output error");
  CHECK(files.sync_directory(".").error() == "Input/output error");
  CHECK(files.synced_content("log").empty());
  files.fail_open("Permission denied", "./other");
  CHECK(files.open("other", OpenMode::Append).error() == "Permission denied");
  CHECK(files.open("log", OpenMode::Append));
  files.fail_open("Too many open files");
  CHECK(files.open("log", OpenMode::Read).error() == "Too many open files");
  files.fail_rename("Read-only file system");
  CHECK(files.rename("log", "x").error() == "Read-only file system");
  files.heal();
  CHECK(log->write("6").value() == 1);
  CHECK(log->sync());
  CHECK(files.rename("log", "x"));
  CHECK(files.synced_content("log") == "123456");
}

TEST_CASE("fake files: the journal") {
  FakeFiles files;
  files.put("append.aof", "");
  const auto log = opened(files, "append.aof", OpenMode::Append);
  CHECK(util::write_all(*log, "12345678901234567890"));
  CHECK(log->sync());
  CHECK(read_all(files, "append.aof").size() == 20);
  CHECK(files.take_journal() ==
        Lines{"open append append.aof", "write append.aof 20", "sync append.aof"});
  CHECK(files.rename("append.aof", "b"));
  CHECK(files.sync_directory("."));
  CHECK(log->truncate(7));
  files.fail_write_after(0, "No space left on device");
  CHECK_FALSE(log->write("x"));
  CHECK(files.remove("b"));
  CHECK(files.make_directory("d"));
  CHECK(files.journal() == Lines{"rename append.aof b", "syncdir .", "truncate b 7",
                                 "write b failed", "remove b", "mkdir d"});
}

TEST_CASE("fake files: a slow sync covers what was written before it") {
  FakeFiles files;
  const auto log = opened(files, "log", OpenMode::Append);
  CHECK(files.sync_directory("."));
  CHECK(util::write_all(*log, "before"));
  SECTION("another thread writes meanwhile") {
    util::Result<> result;
    files.hold_syncs(true);
    std::thread slow([&] { result = log->sync(); });
    CHECK(util::write_all(*log, " after"));
    CHECK(files.synced_content("log").empty());
    files.hold_syncs(false);
    slow.join();
    CHECK(result);
    // "after" may have come first; "before" is safe in any case.
    CHECK(files.synced_content("log").substr(0, 6) == "before");
    CHECK(files.content("log") == "before after");
  }
  SECTION("the power goes meanwhile") {
    util::Result<> result;
    files.hold_syncs(true);
    std::thread slow([&] { result = log->sync(); });
    files.power_cut();
    slow.join();
    CHECK(result.error() == "Input/output error");
    CHECK(files.content("log").empty());
  }
}
