// SPDX-License-Identifier: MIT
//
// The log begins anew behind a picture of the data set, while the server goes on:
//
//   rotate: a new increment ─ fork ─► child writes the base beside the log, syncs it ─► the base takes its place in the
//                             parent: writes go to the new increment …                  manifest; what it covers goes
//
// Invariant: what the manifest names at any moment, read in its order, is every change that was kept: until the base is in,
// the old files and the new increment; then the base and the new increment. A rewrite that fails leaves one more increment.
// One child at a time: a rewrite that has to wait for another child is scheduled. The loop thread's alone.
#pragma once

#include <string>

#include "05-aof/append_only.h"
#include "06-rdb/snapshot_saver.h"
#include "10-full-server/log_rewrite/log_timestamps.h"
#include "shared/server/child_process.h"

namespace server {
class Server;
}

namespace log_rewrite {

inline constexpr std::string_view kChildName = "aof";

struct RewriteSettings {
  int growth_percentage = 100;             // auto-aof-rewrite-percentage; 0: never by itself
  uint64_t least_size = 64 * 1024 * 1024;  // auto-aof-rewrite-min-size, bytes
  bool snapshot_base = true;               // aof-use-rdb-preamble: the base is an RDB file, not commands
  bool keep_history = false;               // aof-disable-auto-gc: files that a base covers stay
};

class LogRewrite {
 public:
  LogRewrite(server::Server& server, aof::AppendOnly& log, const rdb::SnapshotSaver& saver,
             const LogTimestamps& timestamps)
      : server_(server), log_(log), saver_(saver), timestamps_(timestamps) {}

  RewriteSettings& settings() { return settings_; }
  bool running() const { return log_.rewrites().running; }
  bool writes_first_base() const { return log_.awaits_base(); }
  // False: it could not begin; the log says why.
  bool start();
  void schedule() { log_.rewrites().scheduled = true; }  // as soon as no other child runs
  // The log waits for its first base: at once, or behind the child that runs. False: it cannot.
  bool begin_base();
  void abandon();  // the log was switched off
  // In this process, when a server starts with an empty log.
  util::Result<> write_first_base();
  void on_tick();
  // Ends the child; its failure is nobody's fault.
  void cancel();

 private:
  util::Result<> write_base(const std::string& path) const;
  util::Result<> write_commands(util::File& file) const;
  int run_child(std::string& report) const;
  void finished(const server::ChildProcess::Outcome& outcome);
  bool install(pid_t child);
  void failed();
  void try_again();
  bool limited();
  bool grown() const;

  server::Server& server_;
  aof::AppendOnly& log_;
  const rdb::SnapshotSaver& saver_;
  const LogTimestamps& timestamps_;
  RewriteSettings settings_;
  pid_t child_ = 0;
  bool snapshot_ = true;  // what the running child writes
  int64_t retry_at_us_ = 0;  // 0: rewrites need not wait
  int64_t wait_minutes_ = 0;
};

}  // namespace log_rewrite
