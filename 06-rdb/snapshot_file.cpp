// SPDX-License-Identifier: MIT
#include "06-rdb/snapshot_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include "shared/util/todo.h"

namespace rdb {

using util::Failure;
using util::Result;

std::string temporary_path(const std::string& path, pid_t pid) {
  const std::string folder = util::directory_of(path);
  const std::string name = fmt::format("temp-{}.rdb", pid);
  return folder == "." ? name : folder + "/" + name;
}

static Result<uint64_t> write_file(util::Files& files, const std::string& path,
                                   WriteContent write) {
  auto file = files.open(path, util::OpenMode::Replace);
  if (!file) return Failure{file.error()};
  FileSink sink(*file.value());
  auto size = write(sink);
  // [06.4a begin] what was written must be on the disk before anything refers to it
  //stub: // TODO 06.4: nobody asks the disk
  if (!size) return size;
  if (const auto synced = file.value()->sync(); !synced) return Failure{synced.error()};
  // [06.4a end]
  return size;
}

Result<uint64_t> replace_snapshot(util::Files& files, const std::string& path, WriteContent write) {
  const std::string temporary = temporary_path(path, getpid());
  auto size = write_file(files, temporary, write);
  // [06.4b begin] the new name, then the folder that holds it; on failure nothing is left but the old file
  //stub: if (size) (void)files.rename(temporary, path);  // TODO 06.4
  if (size) {
    if (const auto renamed = files.rename(temporary, path); !renamed)
      size = Failure{renamed.error()};
  }
  if (!size) {
    (void)files.remove(temporary);
    return size;
  }
  const auto synced = files.sync_directory(util::directory_of(path));
  if (!synced) return Failure{synced.error()};
  // [06.4b end]
  return size;
}

}  // namespace rdb
