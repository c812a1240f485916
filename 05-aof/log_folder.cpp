// SPDX-License-Identifier: MIT
#include "05-aof/log_folder.h"

#include <fmt/format.h>

#include <utility>

namespace aof {

using util::Failure;
using util::OpenMode;
using util::Result;

static Result<std::string> read_all(util::Files& files, const std::string& path) {
  auto file = files.open(path, OpenMode::Read);
  if (!file) return Failure{file.error()};
  std::string text;
  char piece[4096];
  for (;;) {
    const auto count = file.value()->read(piece);
    if (!count) return Failure{count.error()};
    if (count.value() == 0) return text;
    text.append(piece, count.value());
  }
}

Result<> LogFolder::load() {
  manifest_ = {};
  const std::string path = this->path(name_ + ".manifest");
  if (!files_->exists(path)) return adopt_old_file();
  const auto text = read_all(*files_, path);
  if (!text)
    return Failure{fmt::format("Fatal error: can't open the AOF manifest file {} for reading: {}",
                               path, text.error())};
  auto manifest = parse_manifest(text.value());
  if (!manifest)
    return Failure{fmt::format("*** FATAL AOF MANIFEST FILE ERROR ***\n{}", manifest.error())};
  manifest_ = std::move(manifest.value());
  return adopt_old_file();
}

// The manifest first: were the file moved first, a power cut behind that would leave a folder
// without a manifest, and the data would be taken for none. Between the two, the manifest names a
// file that is still here.
Result<> LogFolder::adopt_old_file() {
  if (!files_->exists(name_)) return {};
  if (manifest_.empty()) {
    if (const auto made = files_->make_directory(directory_); !made) return made;
    manifest_.base = LogFile{name_, 1};
    if (const auto saved = save(); !saved) return saved;
  }
  const bool named =
      manifest_.base && manifest_.base->name == name_ && manifest_.increments.empty();
  if (!named || files_->exists(path(name_))) return {};
  if (const auto moved = files_->rename(name_, path(name_)); !moved) return moved;
  if (const auto kept = files_->sync_directory(directory_); !kept) return kept;
  return files_->sync_directory(".");
}

Result<> LogFolder::save() {
  return util::replace_file(*files_, path(name_ + ".manifest"), format_manifest(manifest_));
}

std::string LogFolder::increment_name(int64_t sequence) const {
  return fmt::format("{}.{}.incr.aof", name_, sequence);
}

std::string LogFolder::next_base_name() const {
  return fmt::format("{}.{}.base.aof", name_, manifest_.base ? manifest_.base->sequence + 1 : 1);
}

Result<LogFolder::Opened> LogFolder::open(const std::string& name, bool created) {
  auto file = files_->open(path(name), OpenMode::Append);
  if (!file)
    return Failure{fmt::format("Can't open the append-only file {}: {}", name, file.error())};
  Opened opened{.file = std::move(file.value()), .name = name, .created = created};
  const auto size = opened.file->size();
  if (!size) return Failure{size.error()};
  opened.size = size.value();
  return opened;
}

Result<LogFolder::Opened> LogFolder::open_last() {
  const auto failed = [this](const std::string& reason) {
    return Failure{fmt::format("Can't open or create append-only dir {}: {}", directory_, reason)};
  };
  if (const auto made = files_->make_directory(directory_); !made) return failed(made.error());
  if (const auto kept = files_->sync_directory(util::directory_of(directory_)); !kept)
    return failed(kept.error());
  if (!manifest_.increments.empty()) return open(manifest_.increments.back().name, false);
  manifest_.increments.push_back({increment_name(1), 1});
  auto opened = open(manifest_.increments.back().name, true);
  if (!opened) return opened;
  if (const auto saved = save(); !saved) return failed(saved.error());
  return opened;
}

Result<LogFolder::Opened> LogFolder::start_over() {
  const Manifest before = manifest_;
  const int64_t sequence = next_increment();
  Manifest next;
  next.base = LogFile{next_base_name(), before.base ? before.base->sequence + 1 : 1};
  next.increments.push_back({increment_name(sequence), sequence});
  auto opened = open(next.increments.back().name, true);
  if (!opened) return opened;
  manifest_ = next;
  if (const auto saved = save(); !saved) {
    manifest_ = before;
    return Failure{saved.error()};
  }
  for (const std::string& name : before.names()) (void)files_->remove(path(name));
  return opened;
}

Result<LogFolder::Opened> LogFolder::add_increment() {
  const int64_t sequence = next_increment();
  auto opened = open(increment_name(sequence), true);
  if (!opened) return opened;
  manifest_.increments.push_back({increment_name(sequence), sequence});
  if (const auto saved = save(); !saved) {
    manifest_.increments.pop_back();
    return Failure{saved.error()};
  }
  return opened;
}

Result<LogFolder::Opened> LogFolder::open_unnamed() {
  if (const auto made = files_->make_directory(directory_); !made) return Failure{made.error()};
  if (const auto kept = files_->sync_directory(util::directory_of(directory_)); !kept)
    return Failure{kept.error()};
  if (files_->exists(path(unnamed_name()))) drop_unnamed();
  return open(unnamed_name(), true);
}

// The base and the increments before `first_kept` become history, the latest first.
void LogFolder::cover(int64_t first_kept) {
  std::vector<LogFile> covered;
  std::vector<LogFile> kept;
  for (LogFile& each : manifest_.increments)
    (each.sequence < first_kept ? covered : kept).push_back(std::move(each));
  if (manifest_.base) covered.push_back(*manifest_.base);
  manifest_.base.reset();
  manifest_.increments = std::move(kept);
  manifest_.history.insert(manifest_.history.begin(), covered.begin(), covered.end());
}

Result<> LogFolder::replace_base(const std::string& path, std::string_view kind, Covers covers) {
  const Manifest before = manifest_;
  if (const auto made = files_->make_directory(directory_); !made) return made;
  const int64_t sequence = before.base ? before.base->sequence + 1 : 1;
  const LogFile base{fmt::format("{}.{}.base.{}", name_, sequence, kind), sequence};
  if (const auto moved = files_->rename(path, this->path(base.name)); !moved) return moved;
  cover(covers.first_kept);
  manifest_.base = base;
  if (covers.unnamed_joins) {
    const std::string name = increment_name(covers.first_kept);
    if (const auto moved = files_->rename(this->path(unnamed_name()), this->path(name)); !moved) {
      manifest_ = before;
      return moved;
    }
    manifest_.increments.push_back({name, covers.first_kept});
  }
  std::vector<LogFile> gone;
  if (!covers.history_stays) gone.swap(manifest_.history);
  if (const auto saved = save(); !saved) {
    manifest_ = before;
    return saved;
  }
  for (const LogFile& file : gone) (void)files_->remove(this->path(file.name));
  return {};
}

Result<> LogFolder::drop_history() {
  if (manifest_.history.empty()) return {};
  const std::vector<LogFile> gone = std::exchange(manifest_.history, {});
  if (const auto saved = save(); !saved) {
    manifest_.history = gone;
    return saved;
  }
  for (const LogFile& file : gone) (void)files_->remove(path(file.name));
  return {};
}

uint64_t LogFolder::size_of(const std::string& name) const {
  auto file = files_->open(path(name), OpenMode::Read);
  if (!file) return 0;
  const auto size = file.value()->size();
  return size ? size.value() : 0;
}

uint64_t LogFolder::total_size() const {
  uint64_t total = 0;
  for (const std::string& name : manifest_.names()) total += size_of(name);
  return total;
}

}  // namespace aof
