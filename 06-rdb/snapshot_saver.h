// SPDX-License-Identifier: MIT
//
// Saves the data set: at once (SAVE), by a child (BGSAVE), or when a save point is reached; and
// knows how that went. While the last attempt of a child failed, writes are refused: whoever relies
// on snapshots must hear of it.
//
// "Changes since the last save" counts from the moment that the saved picture shows: for a child,
// its birth. The loop thread's alone; save_to_file() is what the child runs too.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "06-rdb/rdb_writer.h"
#include "06-rdb/snapshot_settings.h"
#include "shared/command/executor.h"
#include "shared/server/child_process.h"

namespace server {
class Server;
}

namespace rdb {

// What a child that writes a snapshot is called, for whatever purpose (ChildProcess::name()).
inline constexpr std::string_view kChildName = "rdb";

struct SaveStatistics {
  uint64_t saves = 0;          // attempts, of either kind
  util::UnixMs last_save = 0;  // of the last success; the start of the server before that
  bool last_background_ok = true;
  int64_t last_background_seconds = -1;
  util::UnixMs background_started = 0;  // of the running child
  uint64_t last_copied_bytes = 0;
};

class SnapshotSaver {
 public:
  SnapshotSaver(server::Server& server, const CodecTable& codecs, SnapshotSettings& settings);

  // A picture of the data set as it is now. The number of bytes.
  enum class Purpose : bool { Dump, LogBase };
  util::Result<uint64_t> write(Sink& sink, Purpose purpose = Purpose::Dump) const;
  util::Result<uint64_t> save_to_file(const std::string& path) const;
  // Fields that describe the picture beyond the usual ones: a replication offset. Asked at each
  // save, in the child.
  using AuxSource = std::function<void(std::vector<AuxField>&)>;
  void add_aux_source(AuxSource source) { aux_sources_.push_back(std::move(source)); }

  // To the dump file. What goes wrong has been logged.
  bool save();
  bool save_in_background();
  void schedule() { scheduled_ = true; }  // as soon as no other child runs
  // The data set is what the dump file holds.
  void mark_saved(int64_t changes);
  // It came from other files, which hold it: nothing waits to be saved.
  void forget_changes();

  void on_start();
  void on_tick();      // save points, postponed saves
  void update_gate();  // after a setting changed

  bool saving_in_background() const;
  // Ends a running save; its failure is nobody's fault.
  void kill_child();
  int64_t changes_since_save() const;
  const SaveStatistics& statistics() const { return statistics_; }
  SnapshotSettings& settings() { return settings_; }
  const SnapshotSettings& settings() const { return settings_; }

 private:
  void finished(const server::ChildProcess::Outcome& outcome);
  void report_success(const server::ChildProcess::Outcome& outcome);
  bool may_retry() const;

  server::Server& server_;
  const CodecTable& codecs_;
  SnapshotSettings& settings_;
  std::vector<AuxSource> aux_sources_;
  command::Gate gate_;
  SaveStatistics statistics_;
  int64_t changes_at_save_ = 0;
  int64_t changes_at_fork_ = 0;
  util::UnixMs last_try_ = 0;
  pid_t child_ = 0;  // outlives the child's end, for its temporary file
  bool scheduled_ = false;
};

}  // namespace rdb
