// SPDX-License-Identifier: MIT
//
// Replays notes: two maps, name to file and file to bytes, as a file system's journal and data
// would be.
#include "shared/testing/transcript/durable_state.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

#include "shared/testing/transcript/text.h"

#ifdef __linux__
#include <fcntl.h>
#include <sys/stat.h>
#endif

namespace transcript {
namespace {

namespace fs = std::filesystem;

// As the shim names a file; must be the same on both sides.
std::string key_of([[maybe_unused]] const std::string& path) {
#ifdef __linux__
  struct statx info {};
  if (::statx(AT_FDCWD, path.c_str(), AT_SYMLINK_NOFOLLOW, STATX_INO | STATX_BTIME, &info) == 0) {
    return std::to_string(info.stx_ino) + ":" + std::to_string(info.stx_btime.tv_sec) + "." +
           std::to_string(info.stx_btime.tv_nsec);
  }
#endif
  return path;
}

std::vector<std::string_view> fields(std::string_view line) {
  std::vector<std::string_view> out;
  while (true) {
    const std::size_t tab = line.find('\t');
    out.push_back(line.substr(0, tab));
    if (tab == std::string_view::npos) return out;
    line.remove_prefix(tab + 1);
  }
}

}  // namespace

DurableState::DurableState(std::string data, std::string notes)
    : data_(fs::canonical(data).string()), notes_(std::move(notes)) {
  fs::create_directories(notes_);
}

void DurableState::take_ground() {
  names_.clear();
  contents_.clear();
  ground_ = notes_size();
  std::size_t number = 0;
  for (const auto& entry : fs::recursive_directory_iterator(data_)) {
    if (!entry.is_regular_file()) continue;
    const std::string copy =
        notes_ + "/ground-" + std::to_string(ground_) + "-" + std::to_string(++number);
    fs::copy_file(entry.path(), copy, fs::copy_options::overwrite_existing);
    const std::string key = key_of(entry.path().string());
    names_[entry.path().string()] = key;
    contents_[key] = copy;
  }
}

void DurableState::replay(std::string_view line, std::string& folder) {
  const std::vector<std::string_view> field = fields(line);
  if (field[0] == "fsync" && field.size() == 4) {
    const std::string key(field[1]);
    const bool named = std::any_of(names_.begin(), names_.end(),
                                   [&](const auto& name) { return name.second == key; });
    if (!named) names_[std::string(field[2])] = key;
    contents_[key] = field[3];
  } else if (field[0] == "folder" && field.size() == 2) {
    folder = field[1];
    std::erase_if(names_,
                  [&](const auto& name) { return fs::path(name.first).parent_path() == folder; });
  } else if (field[0] == "entry" && field.size() == 3) {
    names_[std::string(field[2])] = field[1];
  }
}

void DurableState::restore() {
  const std::string notes = read_file(notes_ + "/notes").value_or("");
  std::istringstream lines(notes.substr(std::min(ground_, notes.size())));
  std::string folder;
  for (std::string line; std::getline(lines, line);) replay(line, folder);
  for (const auto& entry : fs::directory_iterator(data_)) fs::remove_all(entry.path());
  for (const auto& [path, key] : names_) {
    fs::create_directories(fs::path(path).parent_path());
    const auto copy = contents_.find(key);
    if (copy == contents_.end())
      std::ofstream(path).flush();
    else
      fs::copy_file(copy->second, path, fs::copy_options::overwrite_existing);
  }
}

std::vector<std::string> DurableState::environment(const std::string& shim) const {
  const char* sanitizer = std::getenv("ASAN_OPTIONS");
  // AddressSanitizer wants to be the first library; behind the shim it works as well.
  return {"LD_PRELOAD=" + shim, "WORKSHOP_SHIM_DIR=" + data_, "WORKSHOP_SHIM_NOTES=" + notes_,
          std::string("ASAN_OPTIONS=") +
              (sanitizer != nullptr ? sanitizer : "quarantine_size_mb=8:print_legend=0") +
              ":verify_asan_link_order=0"};
}

bool DurableState::loaded() const { return notes_size() > ground_; }

std::size_t DurableState::notes_size() const {
  std::error_code missing;
  const auto size = fs::file_size(notes_ + "/notes", missing);
  return missing ? 0 : static_cast<std::size_t>(size);
}

std::vector<std::string> DurableState::events_since(std::size_t offset) const {
  const std::string notes = read_file(notes_ + "/notes").value_or("");
  std::istringstream lines(notes.substr(std::min(offset, notes.size())));
  std::vector<std::string> events;
  for (std::string line; std::getline(lines, line);) events.emplace_back(fields(line)[0]);
  return events;
}

}  // namespace transcript
