// SPDX-License-Identifier: MIT
// The real file system (POSIX), and what is made of its operations.
#include "shared/util/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace util {

static Failure last_error() { return Failure{std::strerror(errno)}; }

static int sync_descriptor(int descriptor) {
#ifdef __APPLE__
  return fcntl(descriptor, F_FULLFSYNC);  // fsync() stops at the drive's cache there
#else
  return fdatasync(descriptor);
#endif
}

namespace {

class SystemFile final : public File {
 public:
  explicit SystemFile(int descriptor) : descriptor_(descriptor) {}
  ~SystemFile() override { ::close(descriptor_); }

  Result<size_t> write(std::string_view bytes) override {
    size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t count = ::write(descriptor_, bytes.data() + done, bytes.size() - done);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0 && done == 0) return last_error();
      if (count <= 0) break;
      done += static_cast<size_t>(count);
    }
    return done;
  }
  Result<size_t> read(std::span<char> into) override {
    for (;;) {
      const ssize_t count = ::read(descriptor_, into.data(), into.size());
      if (count >= 0) return static_cast<size_t>(count);
      if (errno != EINTR) return last_error();
    }
  }
  Result<> sync() override {
    if (sync_descriptor(descriptor_) != 0) return last_error();
    return {};
  }
  Result<> truncate(uint64_t size) override {
    if (ftruncate(descriptor_, static_cast<off_t>(size)) != 0) return last_error();
    return {};
  }
  Result<uint64_t> size() override {
    struct stat status {};
    if (fstat(descriptor_, &status) != 0) return last_error();
    return static_cast<uint64_t>(status.st_size);
  }
  int descriptor() const override { return descriptor_; }

 private:
  const int descriptor_;
};

class SystemFiles final : public Files {
 public:
  Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override {
    int flags = O_RDONLY;
    if (mode == OpenMode::Append) flags = O_WRONLY | O_APPEND | O_CREAT;
    if (mode == OpenMode::Replace) flags = O_WRONLY | O_TRUNC | O_CREAT;
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, 0644);
    if (descriptor < 0) return last_error();
    return std::unique_ptr<File>(new SystemFile(descriptor));
  }
  Result<> rename(const std::string& from, const std::string& to) override {
    if (std::rename(from.c_str(), to.c_str()) != 0) return last_error();
    return {};
  }
  Result<> remove(const std::string& path) override {
    if (unlink(path.c_str()) != 0) return last_error();
    return {};
  }
  Result<> make_directory(const std::string& path) override {
    if (mkdir(path.c_str(), 0755) != 0 && errno != EEXIST) return last_error();
    return {};
  }
  Result<> sync_directory(const std::string& path) override {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return last_error();
    const int result = fsync(descriptor);
    const int reason = errno;
    ::close(descriptor);
    errno = reason;
    // Some file systems cannot sync a folder, and say so in one of these ways.
    if (result != 0 && reason != EINVAL && reason != EBADF) return last_error();
    return {};
  }
  bool exists(const std::string& path) override {
    struct stat status {};
    return stat(path.c_str(), &status) == 0;
  }
  Result<std::vector<std::string>> list(const std::string& path) override {
    DIR* folder = opendir(path.c_str());
    if (folder == nullptr) return last_error();
    std::vector<std::string> names;
    while (const dirent* entry = readdir(folder)) {
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..") names.emplace_back(name);
    }
    closedir(folder);
    std::sort(names.begin(), names.end());
    return names;
  }
};

}  // namespace

Files& Files::system() {
  static SystemFiles files;
  return files;
}

Result<> write_all(File& file, std::string_view bytes) {
  while (!bytes.empty()) {
    const Result<size_t> count = file.write(bytes);
    if (!count) return Failure{count.error()};
    bytes.remove_prefix(count.value());
  }
  return {};
}

Result<> replace_file(Files& files, const std::string& path, std::string_view content) {
  const std::string temporary = path + ".tmp-" + std::to_string(getpid());
  const auto give_up = [&](const std::string& reason) -> Failure {
    (void)files.remove(temporary);
    return Failure{reason};
  };
  {
    auto file = files.open(temporary, OpenMode::Replace);
    if (!file) return Failure{file.error()};
    if (const auto written = write_all(*file.value(), content); !written)
      return give_up(written.error());
    if (const auto synced = file.value()->sync(); !synced) return give_up(synced.error());
  }
  if (const auto renamed = files.rename(temporary, path); !renamed) return give_up(renamed.error());
  return files.sync_directory(directory_of(path));
}

std::string directory_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace util
