// SPDX-License-Identifier: MIT
//
// A library loaded into a server under test (LD_PRELOAD, Linux): it notes when files of the data
// folder are appended to and synced, and when replies leave, and keeps a copy of what each fsync
// made durable. It changes nothing that the server sees. shared/testing/transcript/durable_state.h
// reads the notes.
//
// WORKSHOP_SHIM_DIR is the data folder, WORKSHOP_SHIM_NOTES the folder for notes and copies. One
// note is one line (tabs between fields), written with one append:
//   load    append PATH    reply    fsync KEY PATH COPY    folder PATH, then entry KEY PATH for
//   each file in it
// KEY is inode and birth time. Called on any thread and after fork; keeps no state but counters.
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <string>

namespace {

std::atomic<unsigned> copies{0};

const char* data_folder() {
  static const char* const folder = std::getenv("WORKSHOP_SHIM_DIR");
  return folder;
}

std::string notes_folder() {
  const char* folder = std::getenv("WORKSHOP_SHIM_NOTES");
  return folder != nullptr ? folder : "";
}

template <typename Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

// The raw system call: the shim's own writes are no events.
void write_raw(int file, const char* bytes, std::size_t size) {
  while (size > 0) {
    const long written = ::syscall(SYS_write, file, bytes, size);
    if (written <= 0) return;
    bytes += written;
    size -= static_cast<std::size_t>(written);
  }
}

void note(const std::string& line) {
  if (data_folder() == nullptr) return;
  const int saved = errno;
  const std::string path = notes_folder() + "/notes";
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file >= 0) {
    write_raw(file, line.data(), line.size());
    ::close(file);
  }
  errno = saved;
}

// The path behind a descriptor when it lies in the data folder, else "".
std::string path_of(int file) {
  const char* folder = data_folder();
  if (folder == nullptr) return "";
  char path[PATH_MAX];
  const std::string link = "/proc/self/fd/" + std::to_string(file);
  const ssize_t size = ::readlink(link.c_str(), path, sizeof path);
  if (size <= 0) return "";
  std::string found(path, static_cast<std::size_t>(size));
  const std::string prefix = folder;
  const bool inside = found == prefix || found.compare(0, prefix.size() + 1, prefix + "/") == 0;
  return inside ? found : "";
}

std::string key_of(int folder, const char* name, int flags) {
  struct statx info {};
  if (::statx(folder, name, flags, STATX_INO | STATX_BTIME | STATX_TYPE, &info) != 0) return "";
  return std::to_string(info.stx_ino) + ":" + std::to_string(info.stx_btime.tv_sec) + "." +
         std::to_string(info.stx_btime.tv_nsec);
}

void note_file(int file, const std::string& path) {
  const std::string copy =
      notes_folder() + "/copy-" + std::to_string(::getpid()) + "-" + std::to_string(++copies);
  const std::string link = "/proc/self/fd/" + std::to_string(file);
  const int from = ::open(link.c_str(), O_RDONLY | O_CLOEXEC);
  const int to = ::open(copy.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  char buffer[65536];
  while (from >= 0 && to >= 0) {
    const ssize_t got = ::read(from, buffer, sizeof buffer);
    if (got <= 0) break;
    write_raw(to, buffer, static_cast<std::size_t>(got));
  }
  if (from >= 0) ::close(from);
  if (to >= 0) ::close(to);
  note("fsync\t" + key_of(file, "", AT_EMPTY_PATH) + "\t" + path + "\t" + copy + "\n");
}

void note_folder(const std::string& path) {
  std::string lines = "folder\t" + path + "\n";
  DIR* folder = ::opendir(path.c_str());
  if (folder == nullptr) return;
  while (const dirent* entry = ::readdir(folder)) {
    struct stat info {};
    if (::fstatat(::dirfd(folder), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0 ||
        !S_ISREG(info.st_mode))
      continue;
    lines += "entry\t" + key_of(::dirfd(folder), entry->d_name, AT_SYMLINK_NOFOLLOW) + "\t" + path +
             "/" + entry->d_name + "\n";
  }
  ::closedir(folder);
  note(lines);
}

void note_sync(int file) {
  const int saved = errno;
  const std::string path = path_of(file);
  struct stat info {};
  if (!path.empty() && ::fstat(file, &info) == 0) {
    if (S_ISDIR(info.st_mode))
      note_folder(path);
    else if (S_ISREG(info.st_mode))
      note_file(file, path);
  }
  errno = saved;
}

// A reply is noted before it leaves: whoever has received it finds the note.
void note_before_write(int file) {
  const int saved = errno;
  struct stat info {};
  if (data_folder() != nullptr && ::fstat(file, &info) == 0 && S_ISSOCK(info.st_mode))
    note("reply\n");
  errno = saved;
}

void note_after_write(int file, ssize_t written) {
  if (written <= 0 || data_folder() == nullptr) return;
  const int saved = errno;
  struct stat info {};
  if (::fstat(file, &info) == 0 && S_ISREG(info.st_mode)) {
    const std::string path = path_of(file);
    if (!path.empty()) note("append\t" + path + "\n");
  }
  errno = saved;
}

__attribute__((constructor)) void loaded() { note("load\n"); }

}  // namespace

extern "C" {

int fsync(int file) {
  static const auto real = next<int (*)(int)>("fsync");
  const int result = real(file);
  if (result == 0) note_sync(file);
  return result;
}

int fdatasync(int file) {
  static const auto real = next<int (*)(int)>("fdatasync");
  const int result = real(file);
  if (result == 0) note_sync(file);
  return result;
}

ssize_t write(int file, const void* bytes, size_t size) {
  static const auto real = next<ssize_t (*)(int, const void*, size_t)>("write");
  note_before_write(file);
  const ssize_t written = real(file, bytes, size);
  note_after_write(file, written);
  return written;
}

ssize_t writev(int file, const struct iovec* parts, int count) {
  static const auto real = next<ssize_t (*)(int, const struct iovec*, int)>("writev");
  note_before_write(file);
  const ssize_t written = real(file, parts, count);
  note_after_write(file, written);
  return written;
}

ssize_t pwrite(int file, const void* bytes, size_t size, off_t offset) {
  static const auto real = next<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite");
  const ssize_t written = real(file, bytes, size, offset);
  note_after_write(file, written);
  return written;
}

ssize_t send(int socket, const void* bytes, size_t size, int flags) {
  static const auto real = next<ssize_t (*)(int, const void*, size_t, int)>("send");
  note_before_write(socket);
  return real(socket, bytes, size, flags);
}

ssize_t sendmsg(int socket, const struct msghdr* message, int flags) {
  static const auto real = next<ssize_t (*)(int, const struct msghdr*, int)>("sendmsg");
  note_before_write(socket);
  return real(socket, message, flags);
}

}  // extern "C"
