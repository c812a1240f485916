// SPDX-License-Identifier: MIT
#include "10-full-server/introspection/timed_files.h"

#include <atomic>
#include <thread>

namespace introspection {

using util::File;
using util::OpenMode;
using util::Result;
using Kind = FileOperation::Kind;

struct TimedFiles::Probe {
  explicit Probe(util::Clock& of) : clock(of) {}

  util::Clock& clock;
  std::thread::id thread = std::this_thread::get_id();
  std::atomic<bool> on = false;
  std::function<void(const FileOperation&)> listener = {};

  template <class Action>
  auto time(Kind kind, const std::string& path, bool appends, Action action) {
    if (!on || std::this_thread::get_id() != thread) return action();
    const int64_t started = clock.monotonic_us();
    auto result = action();
    if (listener) listener({kind, path, appends, clock.monotonic_us() - started});
    return result;
  }
};

class TimedFiles::TimedFile final : public File {
 public:
  TimedFile(std::unique_ptr<File> file, std::string path, bool appends,
            std::shared_ptr<Probe> probe)
      : file_(std::move(file)),
        path_(std::move(path)),
        appends_(appends),
        probe_(std::move(probe)) {}

  Result<size_t> write(std::string_view bytes) override {
    return probe_->time(Kind::Write, path_, appends_, [&] { return file_->write(bytes); });
  }
  Result<size_t> read(std::span<char> into) override { return file_->read(into); }
  Result<> sync() override {
    return probe_->time(Kind::Sync, path_, appends_, [&] { return file_->sync(); });
  }
  Result<> truncate(uint64_t size) override { return file_->truncate(size); }
  Result<uint64_t> size() override {
    return probe_->time(Kind::Size, path_, appends_, [&] { return file_->size(); });
  }
  int descriptor() const override { return file_->descriptor(); }

 private:
  std::unique_ptr<File> file_;
  std::string path_;
  bool appends_;
  std::shared_ptr<Probe> probe_;
};

TimedFiles::TimedFiles(util::Files& files, util::Clock& clock)
    : files_(files), probe_(std::make_shared<Probe>(clock)) {}

void TimedFiles::listen(std::function<void(const FileOperation&)> listener) {
  probe_->listener = std::move(listener);
}

void TimedFiles::set_on(bool on) { probe_->on = on; }

Result<std::unique_ptr<File>> TimedFiles::open(const std::string& path, OpenMode mode) {
  auto opened = files_.open(path, mode);
  if (!opened) return opened;
  return std::unique_ptr<File>(std::make_unique<TimedFile>(std::move(opened.value()), path,
                                                           mode == OpenMode::Append, probe_));
}

Result<> TimedFiles::rename(const std::string& from, const std::string& to) {
  return probe_->time(Kind::Rename, to, false, [&] { return files_.rename(from, to); });
}

Result<> TimedFiles::remove(const std::string& path) {
  return probe_->time(Kind::Remove, path, false, [&] { return files_.remove(path); });
}

}  // namespace introspection
