// SPDX-License-Identifier: MIT
// The real file system, in a folder of the test's own.
#include "shared/util/files.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "shared/testing/catch.h"

namespace {

class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "files-test-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) FAIL("no temporary folder");
    path_ = pattern;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Files of this process end at `bytes` while it lives.
class SizeLimit {
 public:
  explicit SizeLimit(rlim_t bytes) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit now{bytes, before_.rlim_max};
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &now);
  }
  ~SizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int);
};

util::Files& files() { return util::Files::system(); }

std::unique_ptr<util::File> opened(const std::string& path, util::OpenMode mode) {
  auto file = files().open(path, mode);
  if (!file) FAIL(path + ": " + file.error());
  return std::move(file.value());
}

std::string content(const std::string& path) {
  const auto file = opened(path, util::OpenMode::Read);
  std::string all;
  char piece[7];
  for (;;) {
    const auto count = file->read(piece);
    if (!count) FAIL(count.error());
    if (count.value() == 0) return all;
    all.append(piece, count.value());
  }
}

}  // namespace

TEST_CASE("files: append goes to the end, replace starts over") {
  const Folder folder;
  const std::string path = folder / "log";
  CHECK_FALSE(files().exists(path));
  {
    const auto file = opened(path, util::OpenMode::Append);
    CHECK(file->write("one ").value() == 4);
    CHECK(file->write("two").value() == 3);
    CHECK(file->write("").value() == 0);
    CHECK(file->sync());
    CHECK(file->size().value() == 7);
    CHECK(fcntl(file->descriptor(), F_GETFD) == FD_CLOEXEC);
  }
  CHECK(content(path) == "one two");
  {
    const auto file = opened(path, util::OpenMode::Append);
    CHECK(util::write_all(*file, " three"));
    CHECK(file->truncate(5));
    CHECK(util::write_all(*file, "!"));
  }
  CHECK(content(path) == "one t!");
  CHECK(util::write_all(*opened(path, util::OpenMode::Replace), "new"));
  CHECK(content(path) == "new");
}

TEST_CASE("files: failures say why") {
  const Folder folder;
  const std::string none = folder / "none";
  const std::string missing = "No such file or directory";
  CHECK(files().open(none, util::OpenMode::Read).error() == missing);
  CHECK(files().open(none + "/a", util::OpenMode::Append).error() == missing);
  CHECK(files().rename(none, folder / "b").error() == missing);
  CHECK(files().remove(none).error() == missing);
  CHECK(files().make_directory(none + "/a").error() == missing);
  CHECK(files().sync_directory(none).error() == missing);
  CHECK(files().list(none).error() == missing);
  CHECK(util::replace_file(files(), none + "/a", "x").error() == missing);
  CHECK(opened(folder / "x", util::OpenMode::Append)->read(std::span<char>()).error() ==
        "Bad file descriptor");
}

TEST_CASE("files: a write that fits in part is short, the next one fails") {
  const Folder folder;
  const std::string path = folder / "full";
  const auto file = opened(path, util::OpenMode::Append);
  {
    const SizeLimit limit(10);
    CHECK(file->write("12345678").value() == 8);
    CHECK(file->write("90abc").value() == 2);
    CHECK(file->write("abc").error() == "File too large");
    CHECK(util::write_all(*file, "abc").error() == "File too large");
  }
  CHECK(util::write_all(*file, "abc"));
  CHECK(content(path) == "1234567890abc");
}

TEST_CASE("files: names") {
  const Folder folder;
  CHECK(files().list(folder.path()).value().empty());
  CHECK(files().make_directory(folder / "sub"));
  CHECK(files().make_directory(folder / "sub"));
  for (const char* name : {"c", "a", "b"})
    CHECK(util::write_all(*opened(folder / name, util::OpenMode::Append), name));
  CHECK(files().list(folder.path()).value() == std::vector<std::string>{"a", "b", "c", "sub"});
  CHECK(files().rename(folder / "a", folder / "b"));
  CHECK(content(folder / "b") == "a");
  CHECK(files().remove(folder / "c"));
  CHECK(files().list(folder.path()).value() == std::vector<std::string>{"b", "sub"});
  CHECK(files().sync_directory(folder.path()));
}

TEST_CASE("replace_file: new content, nothing left beside it") {
  const Folder folder;
  const std::string path = folder / "manifest";
  CHECK(util::replace_file(files(), path, "first"));
  CHECK(content(path) == "first");
  CHECK(util::replace_file(files(), path, "second"));
  CHECK(content(path) == "second");
  {
    const SizeLimit limit(3);
    CHECK(util::replace_file(files(), path, "third").error() == "File too large");
  }
  CHECK(content(path) == "second");
  CHECK(files().list(folder.path()).value() == std::vector<std::string>{"manifest"});
}

TEST_CASE("directory_of") {
  CHECK(util::directory_of("a") == ".");
  CHECK(util::directory_of("a/b") == "a");
  CHECK(util::directory_of("/a/b/c") == "/a/b");
  CHECK(util::directory_of("/a") == "/");
}
