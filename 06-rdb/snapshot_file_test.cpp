// SPDX-License-Identifier: MIT
// A dump file is replaced as a whole: the order of the steps, what a power cut leaves after each,
// what a failure leaves.
#include "06-rdb/snapshot_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include "shared/testing/catch.h"
#include "shared/testing/unit/fake_files.h"

namespace rdb {

namespace {

util::Result<uint64_t> save(testing::FakeFiles& files, std::string_view content) {
  return replace_snapshot(files, "dump.rdb", [&](Sink& sink) -> util::Result<uint64_t> {
    if (const auto written = sink.write(content); !written) return util::Failure{written.error()};
    return content.size();
  });
}

}  // namespace

TEST_CASE("replacing a dump: written beside it, synced, renamed, folder synced") {
  testing::FakeFiles files;
  files.put("dump.rdb", "old");
  const auto saved = save(files, "new!");
  REQUIRE(saved);
  CHECK(saved.value() == 4);
  const std::string temporary = fmt::format("temp-{}.rdb", getpid());
  CHECK(files.journal() ==
        std::vector<std::string>{"open replace " + temporary, "write " + temporary + " 4",
                                 "sync " + temporary, "rename " + temporary + " dump.rdb",
                                 "syncdir ."});
  files.power_cut();
  CHECK(files.content("dump.rdb") == "new!");
}

TEST_CASE("a power cut in the middle leaves the old dump or the new one") {
  util::Random random(3);
  for (int round = 0; round < 200; ++round) {
    testing::FakeFiles files;
    files.put("dump.rdb", "old");
    switch (round % 4) {
      case 0:
        files.fail_write_after(2, "No space left on device");
        break;
      case 1:
        files.fail_sync("Input/output error");
        break;
      case 2:
        files.fail_rename("Permission denied");
        break;
      default:
        break;
    }
    const bool saved = save(files, "new!").ok();
    CHECK(saved == (round % 4 == 3));
    files.power_cut(random);
    CHECK(files.content("dump.rdb") == (saved ? "new!" : "old"));
  }
}

TEST_CASE("a failure says why, and leaves no temporary file") {
  testing::FakeFiles files;
  files.put("dump.rdb", "old");
  files.fail_write_after(2, "No space left on device");
  CHECK(save(files, "new!").error() == "No space left on device");
  files.heal();
  files.fail_rename("Permission denied");
  CHECK(save(files, "new!").error() == "Permission denied");
  CHECK(files.content("dump.rdb") == "old");
  CHECK_FALSE(files.exists(temporary_path("dump.rdb", getpid())));
}

TEST_CASE("the temporary file lies in the folder of its target") {
  CHECK(temporary_path("dump.rdb", 7) == "temp-7.rdb");
  CHECK(temporary_path("data/dump.rdb", 7) == "data/temp-7.rdb");
}

}  // namespace rdb
