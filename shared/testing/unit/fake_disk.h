// SPDX-License-Identifier: MIT
//
// What FakeFiles (fake_files.h) is made of: files and names, each with what is safe and the changes
// since, in order. Plain values without a lock; for fake_files.cpp only.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "shared/util/random.h"

namespace testing::fake_disk {

// A write at a place, or a new length.
struct Change {
  uint64_t at = 0;
  std::string bytes;
  bool truncates = false;

  // The first `limit` bytes of it. Writing beyond the end leaves zeros between.
  void apply(std::string& content, size_t limit = std::string::npos) const {
    if (truncates) {
      content.resize(at);
      return;
    }
    const size_t count = std::min(limit, bytes.size());
    if (content.size() < at + count) content.resize(at + count);
    content.replace(at, count, bytes, 0, count);
  }
};

// A file or a folder.
struct Node {
  std::string path;
  bool folder = false;
  std::string content;
  std::string safe;
  std::vector<Change> pending;
  size_t synced = 0;  // changes that became safe so far

  void change(Change change) {
    change.apply(content);
    pending.push_back(std::move(change));
  }
  // The first `changes` of the pending ones become safe.
  void sync(size_t changes) {
    for (size_t i = 0; i < changes; ++i) pending[i].apply(safe);
    pending.erase(pending.begin(), pending.begin() + static_cast<ptrdiff_t>(changes));
    synced += changes;
  }
  // The power is gone: with `random` the disk got to somewhere among the pending changes, else to
  // none.
  void lose(util::Random* random) {
    if (random != nullptr && !pending.empty()) {
      sync(random->below(pending.size()));
      const Change& last = pending.front();
      if (!last.truncates || random->below(2) == 0)
        last.apply(safe, random->below(last.bytes.size() + 1));
    }
    pending.clear();
    content = safe;
  }
};

using Names = std::map<std::string, std::shared_ptr<Node>>;

// What one operation did to the names of one folder; nullptr takes a name away.
struct NameChange {
  std::string folder;
  std::vector<std::pair<std::string, std::shared_ptr<Node>>> names;

  void apply(Names& all) const {
    for (const auto& [path, node] : names) {
      if (node == nullptr) all.erase(path);
      if (node != nullptr) all[path] = node;
    }
  }
};

}  // namespace testing::fake_disk
