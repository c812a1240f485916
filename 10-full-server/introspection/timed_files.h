// SPDX-License-Identifier: MIT
//
// A file system that passes everything on to another one and tells how long the loop's thread waited for it: where a
// disk makes everybody wait is seen here, whoever uses the files. What other threads do (syncs behind the log) holds
// nobody up, and is not told.
// The listener is called on the thread that made this; nothing is measured while it is not `on`. Files may outlive it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "shared/util/clock.h"
#include "shared/util/files.h"

namespace introspection {

struct FileOperation {
  enum class Kind : uint8_t { Write, Sync, Size, Rename, Remove };
  Kind kind;
  const std::string& path;  // a rename's new one
  bool appends;             // the file was opened to append
  int64_t microseconds;
};

class TimedFiles final : public util::Files {
 public:
  TimedFiles(util::Files& files, util::Clock& clock);

  void listen(std::function<void(const FileOperation&)> listener);
  void set_on(bool on);

  util::Result<std::unique_ptr<util::File>> open(const std::string& path,
                                                 util::OpenMode mode) override;
  util::Result<> rename(const std::string& from, const std::string& to) override;
  util::Result<> remove(const std::string& path) override;
  util::Result<> make_directory(const std::string& path) override {
    return files_.make_directory(path);
  }
  util::Result<> sync_directory(const std::string& path) override {
    return files_.sync_directory(path);
  }
  bool exists(const std::string& path) override { return files_.exists(path); }
  util::Result<std::vector<std::string>> list(const std::string& path) override {
    return files_.list(path);
  }

 private:
  struct Probe;
  class TimedFile;

  util::Files& files_;
  std::shared_ptr<Probe> probe_;
};

}  // namespace introspection
