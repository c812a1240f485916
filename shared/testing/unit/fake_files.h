// SPDX-License-Identifier: MIT
//
// A file system in memory that keeps apart what was written and what was synced, so that a test can
// cut the power: bytes are safe after File::sync(), names (created, renamed, removed) after
// sync_directory() of their folder, nothing sooner. It can be full, fail, or be slow to sync, and
// keeps a journal of what was asked of it. Paths are compared after tidying ("./a//b" is "a/b");
// "." and "/" are always there. Any thread; open files may outlive it. A child process has a copy
// of its own, like of all memory.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "shared/util/files.h"
#include "shared/util/random.h"

namespace testing {

class FakeFiles final : public util::Files {
 public:
  FakeFiles();
  ~FakeFiles() override;

  util::Result<std::unique_ptr<util::File>> open(const std::string& path,
                                                 util::OpenMode mode) override;
  util::Result<> rename(const std::string& from, const std::string& to) override;  // files only
  util::Result<> remove(const std::string& path) override;
  util::Result<> make_directory(const std::string& path) override;
  util::Result<> sync_directory(const std::string& path) override;
  bool exists(const std::string& path) override;
  util::Result<std::vector<std::string>> list(const std::string& path) override;

  // A file that was there all along: name and bytes are safe, the journal says nothing. Makes its
  // folders too.
  void put(const std::string& path, std::string_view content);
  // What the running process sees; "" when there is no such file.
  std::string content(const std::string& path) const;
  // What a power cut now would leave: the bytes under this name ("" when none), whether the name
  // would be there.
  std::string synced_content(const std::string& path) const;
  bool survives(const std::string& path) const;

  // Everything goes back to what was synced. Files open at that moment fail from then on; a sync
  // under way fails. Faults stay. With `random`, the disk got further than it had to: of the
  // unsynced changes of each file (writes, truncations) the first few survive, the last of them in
  // part; of the unsynced changes of names, the first few.
  void power_cut();
  void power_cut(util::Random& random);

  // Faults, until heal(). `reason` is the error's text.
  void fail_write_after(
      uint64_t bytes,
      std::string_view reason);             // room for so many; then a short write, then failures
  void fail_sync(std::string_view reason);  // of files and folders; nothing becomes safe
  void fail_open(std::string_view reason, std::string_view path = "");  // every file, or this one
  void fail_rename(std::string_view reason);
  void heal();
  // While held, File::sync() waits, and what was written after it began is not part of it.
  void hold_syncs(bool held);

  // What changed something, oldest first: "open append a", "open replace a", "write a 20" (bytes
  // that fitted), "sync a", "truncate a 7", "rename a b", "remove a", "mkdir d", "syncdir .". What
  // failed ends with " failed" ("write a failed"). A file is called by its name at that time;
  // reading is not noted.
  std::vector<std::string> journal() const;
  std::vector<std::string> take_journal();  // and begins a new one

 private:
  struct State;
  class Handle;
  std::shared_ptr<State> state_;
};

}  // namespace testing
