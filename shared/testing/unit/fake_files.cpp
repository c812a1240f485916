// SPDX-License-Identifier: MIT
// Each file has its safe bytes and the list of changes since; the tree of names has the same. A
// sync moves changes over, a power cut forgets them. One mutex holds everything.
#include "shared/testing/unit/fake_files.h"

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <optional>
#include <utility>

#include "shared/testing/unit/fake_disk.h"

namespace testing {

using fake_disk::NameChange;
using fake_disk::Names;
using fake_disk::Node;

namespace {

std::string tidy(const std::string& path) {
  std::string text = std::filesystem::path(path).lexically_normal().string();
  if (text.size() > 1 && text.back() == '/') text.pop_back();
  return text.empty() ? "." : text;
}

util::Failure failure(int number) { return util::Failure{std::strerror(number)}; }

}  // namespace

struct FakeFiles::State {
  mutable std::mutex mutex;
  std::condition_variable sync_may_go;
  Names names;
  Names safe_names;
  std::vector<NameChange> pending;
  std::vector<std::string> journal;
  uint64_t power_cuts = 0;
  bool syncs_held = false;
  std::optional<uint64_t> room;
  std::string write_fault, sync_fault, open_fault, open_fault_path, rename_fault;

  Node* find(const std::string& path) const {
    const auto found = names.find(path);
    return found == names.end() ? nullptr : found->second.get();
  }
  bool has_folder(const std::string& path) const {
    if (path == "." || path == "/") return true;
    const Node* node = find(path);
    return node != nullptr && node->folder;
  }
  void change(NameChange change) {
    change.apply(names);
    pending.push_back(std::move(change));
  }
  void create(const std::string& path, bool folder) {
    auto node = std::make_shared<Node>();
    node->path = path;
    node->folder = folder;
    change({util::directory_of(path), {{path, std::move(node)}}});
  }
  void note(std::string text) { journal.push_back(std::move(text)); }
  util::Failure failed(std::string text, util::Failure why) {
    note(std::move(text) + " failed");
    return why;
  }
  util::Failure failed(std::string text, const std::string& reason) {
    return failed(std::move(text), util::Failure{reason});
  }
  util::Failure failed(std::string text, int number) {
    return failed(std::move(text), failure(number));
  }
  void cut(util::Random* random);
};

void FakeFiles::State::cut(util::Random* random) {
  ++power_cuts;
  const size_t kept = random == nullptr ? 0 : random->below(pending.size() + 1);
  for (size_t i = 0; i < kept; ++i) pending[i].apply(safe_names);
  pending.clear();
  // A folder that is gone takes along what was in it; the map has folders before their content.
  names.clear();
  for (const auto& [path, node] : safe_names) {
    if (!has_folder(util::directory_of(path))) continue;
    names[path] = node;
    node->path = path;
    node->lose(random);
  }
  safe_names = names;
  sync_may_go.notify_all();
}

class FakeFiles::Handle final : public util::File {
 public:
  Handle(std::shared_ptr<State> state, std::shared_ptr<Node> node, util::OpenMode mode)
      : state_(std::move(state)),
        node_(std::move(node)),
        mode_(mode),
        power_cuts_(state_->power_cuts) {}

  util::Result<size_t> write(std::string_view bytes) override {
    const std::lock_guard lock(state_->mutex);
    const std::string what = "write " + node_->path;
    if (const int number = unusable(true)) return state_->failed(what, number);
    if (state_->room && !bytes.empty()) {
      if (*state_->room == 0) return state_->failed(what, state_->write_fault);
      bytes = bytes.substr(0, *state_->room);
      *state_->room -= bytes.size();
    }
    if (mode_ == util::OpenMode::Append) position_ = node_->content.size();
    node_->change({position_, std::string(bytes)});
    position_ += bytes.size();
    state_->note(what + " " + std::to_string(bytes.size()));
    return bytes.size();
  }

  util::Result<size_t> read(std::span<char> into) override {
    const std::lock_guard lock(state_->mutex);
    if (const int number = unusable(false)) return failure(number);
    const std::string& content = node_->content;
    const size_t from = std::min<size_t>(position_, content.size());
    const size_t count = std::min(into.size(), content.size() - from);
    std::copy_n(content.begin() + static_cast<ptrdiff_t>(from), count, into.begin());
    position_ = from + count;
    return count;
  }

  util::Result<> sync() override {
    std::unique_lock lock(state_->mutex);
    if (lost()) return state_->failed("sync " + node_->path, EIO);
    // What is written while this waits is not part of it; another thread's sync may finish first.
    const size_t goal = node_->synced + node_->pending.size();
    state_->sync_may_go.wait(lock, [this] { return !state_->syncs_held || lost(); });
    const std::string what = "sync " + node_->path;
    if (lost()) return state_->failed(what, EIO);
    if (!state_->sync_fault.empty()) return state_->failed(what, state_->sync_fault);
    const size_t already = node_->synced;
    if (goal > already) node_->sync(goal - already);
    state_->note(what);
    return {};
  }

  util::Result<> truncate(uint64_t size) override {
    const std::lock_guard lock(state_->mutex);
    const std::string what = "truncate " + node_->path + " " + std::to_string(size);
    if (const int number = unusable(true)) return state_->failed(what, number);
    node_->change({size, "", true});
    state_->note(what);
    return {};
  }

  util::Result<uint64_t> size() override {
    const std::lock_guard lock(state_->mutex);
    if (lost()) return failure(EIO);
    return static_cast<uint64_t>(node_->content.size());
  }

  int descriptor() const override { return -1; }

 private:
  bool lost() const { return power_cuts_ != state_->power_cuts; }
  int unusable(bool for_writing) const {
    if (lost()) return EIO;
    return for_writing == (mode_ == util::OpenMode::Read) ? EBADF : 0;
  }

  const std::shared_ptr<State> state_;
  const std::shared_ptr<Node> node_;
  const util::OpenMode mode_;
  const uint64_t power_cuts_;
  size_t position_ = 0;
};

FakeFiles::FakeFiles() : state_(std::make_shared<State>()) {}
FakeFiles::~FakeFiles() = default;

util::Result<std::unique_ptr<util::File>> FakeFiles::open(const std::string& given,
                                                          util::OpenMode mode) {
  const std::string path = tidy(given);
  const bool reads = mode == util::OpenMode::Read;
  const std::string what =
      (mode == util::OpenMode::Append ? "open append " : "open replace ") + path;
  const std::lock_guard lock(state_->mutex);
  const auto fail = [&](util::Failure why) {
    return reads ? why : state_->failed(what, std::move(why));
  };
  const std::string& broken = state_->open_fault_path;
  if (!state_->open_fault.empty() && (broken.empty() || broken == path))
    return fail({state_->open_fault});
  if (!reads && state_->has_folder(path)) return fail(failure(EISDIR));
  if (!state_->has_folder(util::directory_of(path))) return fail(failure(ENOENT));
  if (state_->find(path) == nullptr) {
    if (reads) return failure(ENOENT);
    state_->create(path, false);
  } else if (mode == util::OpenMode::Replace) {
    state_->find(path)->change({0, "", true});
  }
  if (!reads) state_->note(what);
  return std::unique_ptr<util::File>(new Handle(state_, state_->names.at(path), mode));
}

util::Result<> FakeFiles::rename(const std::string& given_from, const std::string& given_to) {
  const std::string from = tidy(given_from), to = tidy(given_to);
  const std::string what = "rename " + from + " " + to;
  const std::lock_guard lock(state_->mutex);
  if (!state_->rename_fault.empty()) return state_->failed(what, state_->rename_fault);
  const std::string folder = util::directory_of(from), target = util::directory_of(to);
  if (state_->find(from) == nullptr || !state_->has_folder(target))
    return state_->failed(what, ENOENT);
  if (state_->has_folder(from) || state_->has_folder(to)) return state_->failed(what, EISDIR);
  const std::shared_ptr<Node> node = state_->names.at(from);
  state_->note(what);
  if (from == to) return {};
  node->path = to;
  if (folder == target) {
    state_->change({folder, {{from, nullptr}, {to, node}}});
  } else {
    state_->change({target, {{to, node}}});
    state_->change({folder, {{from, nullptr}}});
  }
  return {};
}

util::Result<> FakeFiles::remove(const std::string& given) {
  const std::string path = tidy(given);
  const std::lock_guard lock(state_->mutex);
  if (state_->has_folder(path)) return state_->failed("remove " + path, EISDIR);
  if (state_->find(path) == nullptr) return state_->failed("remove " + path, ENOENT);
  state_->change({util::directory_of(path), {{path, nullptr}}});
  state_->note("remove " + path);
  return {};
}

util::Result<> FakeFiles::make_directory(const std::string& given) {
  const std::string path = tidy(given);
  const std::lock_guard lock(state_->mutex);
  if (!state_->has_folder(util::directory_of(path))) return state_->failed("mkdir " + path, ENOENT);
  if (state_->has_folder(path) || state_->find(path) != nullptr) return {};
  state_->create(path, true);
  state_->note("mkdir " + path);
  return {};
}

util::Result<> FakeFiles::sync_directory(const std::string& given) {
  const std::string path = tidy(given);
  const std::lock_guard lock(state_->mutex);
  if (!state_->has_folder(path)) return state_->failed("syncdir " + path, ENOENT);
  if (!state_->sync_fault.empty()) return state_->failed("syncdir " + path, state_->sync_fault);
  std::erase_if(state_->pending, [&](const NameChange& change) {
    if (change.folder != path) return false;
    change.apply(state_->safe_names);
    return true;
  });
  state_->note("syncdir " + path);
  return {};
}

bool FakeFiles::exists(const std::string& given) {
  const std::string path = tidy(given);
  const std::lock_guard lock(state_->mutex);
  return state_->has_folder(path) || state_->find(path) != nullptr;
}

util::Result<std::vector<std::string>> FakeFiles::list(const std::string& given) {
  const std::string folder = tidy(given);
  const std::lock_guard lock(state_->mutex);
  if (!state_->has_folder(folder)) return failure(ENOENT);
  std::vector<std::string> found;
  for (const auto& [path, node] : state_->names) {
    if (util::directory_of(path) == folder) found.push_back(path.substr(path.rfind('/') + 1));
  }
  std::sort(found.begin(), found.end());
  return found;
}

void FakeFiles::put(const std::string& given, std::string_view content) {
  const std::string path = tidy(given);
  const std::lock_guard lock(state_->mutex);
  const auto add = [&](const std::string& name, bool folder, std::string_view bytes) {
    auto node = std::make_shared<Node>();
    node->path = name;
    node->folder = folder;
    node->content = node->safe = bytes;
    state_->names[name] = state_->safe_names[name] = std::move(node);
  };
  for (size_t at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1)) {
    if (!state_->has_folder(path.substr(0, at))) add(path.substr(0, at), true, "");
  }
  add(path, false, content);
}

std::string FakeFiles::content(const std::string& path) const {
  const std::lock_guard lock(state_->mutex);
  const Node* node = state_->find(tidy(path));
  return node == nullptr ? "" : node->content;
}

std::string FakeFiles::synced_content(const std::string& path) const {
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->safe_names.find(tidy(path));
  return found == state_->safe_names.end() ? "" : found->second->safe;
}

bool FakeFiles::survives(const std::string& path) const {
  const std::lock_guard lock(state_->mutex);
  return state_->safe_names.contains(tidy(path));
}

void FakeFiles::power_cut() {
  const std::lock_guard lock(state_->mutex);
  state_->cut(nullptr);
}

void FakeFiles::power_cut(util::Random& random) {
  const std::lock_guard lock(state_->mutex);
  state_->cut(&random);
}

void FakeFiles::fail_write_after(uint64_t bytes, std::string_view reason) {
  const std::lock_guard lock(state_->mutex);
  state_->room = bytes;
  state_->write_fault = reason;
}

void FakeFiles::fail_sync(std::string_view reason) {
  const std::lock_guard lock(state_->mutex);
  state_->sync_fault = reason;
}

void FakeFiles::fail_open(std::string_view reason, std::string_view path) {
  const std::lock_guard lock(state_->mutex);
  state_->open_fault = reason;
  state_->open_fault_path = path.empty() ? "" : tidy(std::string(path));
}

void FakeFiles::fail_rename(std::string_view reason) {
  const std::lock_guard lock(state_->mutex);
  state_->rename_fault = reason;
}

void FakeFiles::heal() {
  const std::lock_guard lock(state_->mutex);
  state_->room.reset();
  for (std::string* fault :
       {&state_->write_fault, &state_->sync_fault, &state_->open_fault, &state_->rename_fault}) {
    fault->clear();
  }
}

void FakeFiles::hold_syncs(bool held) {
  const std::lock_guard lock(state_->mutex);
  state_->syncs_held = held;
  state_->sync_may_go.notify_all();
}

std::vector<std::string> FakeFiles::journal() const {
  const std::lock_guard lock(state_->mutex);
  return state_->journal;
}

std::vector<std::string> FakeFiles::take_journal() {
  const std::lock_guard lock(state_->mutex);
  return std::exchange(state_->journal, {});
}

}  // namespace testing
