// SPDX-License-Identifier: MIT
//
// The folder that holds the log: its manifest, and the names of its files
// (appendonly.aof.2.incr.aof). A change of the set of files is made in an order that a power cut
// may interrupt anywhere: the new file first, then the manifest that names it, then the removal of
// what the manifest no longer names. The loop thread's alone.
#pragma once

#include <memory>
#include <string>

#include "05-aof/manifest.h"
#include "shared/util/files.h"

namespace aof {

class LogFolder {
 public:
  LogFolder(util::Files& files, std::string directory, std::string file_name)
      : files_(&files), directory_(std::move(directory)), name_(std::move(file_name)) {}

  // An absent folder or manifest is an empty one. A single file of an older Redis ("appendonly.aof"
  // beside the folder) is moved in as the base.
  util::Result<> load();
  const Manifest& manifest() const { return manifest_; }
  std::string path(const std::string& name) const { return directory_ + "/" + name; }
  const std::string& directory() const { return directory_; }

  struct Opened {
    std::shared_ptr<util::File> file;
    uint64_t size = 0;
    std::string name;
    bool created = false;
  };
  // The last increment, or a first one.
  util::Result<Opened> open_last();

  // A log that begins anew: `base` (a file that the caller writes and syncs, at
  // path(next_base_name())) and a fresh increment take the place of everything there was.
  std::string next_base_name() const;
  util::Result<Opened> start_over();

  // One more increment behind the last.
  util::Result<Opened> add_increment();
  // The file at `path` (written and synced by the caller) moves in as the base; what it covers is removed, or stays as
  // history, with the history before it. `kind`: "rdb" or "aof".
  struct Covers {
    int64_t first_kept = 0;      // everything but the increments from this number on
    bool unnamed_joins = false;  // the file of open_unnamed() is the increment behind the base
    bool history_stays = false;
  };
  util::Result<> replace_base(const std::string& path, std::string_view kind, Covers covers);
  util::Result<> drop_history();
  // An empty file for what happens while a log's first base is being written.
  util::Result<Opened> open_unnamed();
  std::string unnamed_name() const { return "temp_" + name_ + ".incr"; }
  void drop_unnamed() { (void)files_->remove(path(unnamed_name())); }
  int64_t last_increment() const { return next_increment() - 1; }

  // In bytes; 0 where there is none.
  uint64_t base_size() const { return manifest_.base ? size_of(manifest_.base->name) : 0; }
  uint64_t total_size() const;

 private:
  util::Result<> save();
  util::Result<> adopt_old_file();
  util::Result<Opened> open(const std::string& name, bool created);
  int64_t next_increment() const {
    return manifest_.increments.empty() ? 1 : manifest_.increments.back().sequence + 1;
  }
  uint64_t size_of(const std::string& name) const;
  std::string increment_name(int64_t sequence) const;
  void cover(int64_t first_kept);

  util::Files* files_;
  std::string directory_;
  std::string name_;
  Manifest manifest_;
};

}  // namespace aof
