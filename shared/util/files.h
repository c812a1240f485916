// SPDX-License-Identifier: MIT
//
// The file system behind an interface, so that a test can put one in its place that is full, fails, or forgets what was
// not synced (shared/testing/unit/fake_files.h). Errors are sentences with the system's reason ("No space left on device").
// Durability, as everything here assumes it: bytes survive a power cut after File::sync(); a name (created, renamed or
// removed) after sync_directory() of its folder.
// sync() may run on another thread beside write() of the same file; everything else belongs to one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/util/result.h"

namespace util {

// An open file; the destructor closes it.
class File {
 public:
  virtual ~File() = default;
  // Writes at the end (OpenMode::Append) or at the position. The count is short when the disk became full in the middle;
  // a failure when nothing could be written.
  virtual Result<size_t> write(std::string_view bytes) = 0;
  // Reads from the position; 0 at the end of the file.
  virtual Result<size_t> read(std::span<char> into) = 0;
  virtual Result<> sync() = 0;  // the bytes and the length (fdatasync)
  virtual Result<> truncate(uint64_t size) = 0;
  virtual Result<uint64_t> size() = 0;
  virtual int descriptor() const = 0;  // -1 when there is none (fake files)
};

enum class OpenMode {
  Read,     // from the start; a failure when there is none
  Append,   // every write goes to the end; created when missing
  Replace,  // emptied or created, from the start
};

class Files {
 public:
  static Files& system();
  virtual ~Files() = default;

  virtual Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) = 0;
  virtual Result<> rename(const std::string& from, const std::string& to) = 0;  // replaces `to`
  virtual Result<> remove(const std::string& path) = 0;
  virtual Result<> make_directory(const std::string& path) = 0;  // fine when it is there already
  virtual Result<> sync_directory(const std::string& path) = 0;
  virtual bool exists(const std::string& path) = 0;
  virtual Result<std::vector<std::string>> list(const std::string& path) = 0;  // names in a folder, sorted
};

// All of it, or a failure. A short write leaves what was written in the file.
Result<> write_all(File& file, std::string_view bytes);
// The file at `path` gets this content and no power cut shows anything but the old or the new one: written to `path`.tmp-PID,
// synced, renamed, folder synced.
Result<> replace_file(Files& files, const std::string& path, std::string_view content);
// The folder part of a path: "." when there is none.
std::string directory_of(const std::string& path);

}  // namespace util
