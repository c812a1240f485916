// SPDX-License-Identifier: MIT
//
// The append-only log of a server, all parts of it: read at start-up, then written; switched on and
// off at run time; begun anew when the data set has been replaced. Other stages find it among the
// server's parts. The loop thread's alone.
#pragma once

#include <functional>
#include <string>

#include "05-aof/append_log.h"
#include "05-aof/log_folder.h"
#include "05-aof/log_loader.h"
#include "05-aof/log_settings.h"
#include "05-aof/rewriter.h"
#include "shared/command/executor.h"

namespace server {
class InfoWriter;
class Server;
}  // namespace server

namespace aof {

class AppendOnly {
 public:
  explicit AppendOnly(server::Server& server);

  // What the composition root fills: a rewriter for each type of value.
  RewriterTable& rewriters() { return rewriters_; }

  void start();  // once the configuration is known: loads what there is, then writes
  // appendonly has changed at run time. A failure leaves the log off.
  util::Result<> switch_log();
  // The data set was replaced by other means than commands (a replica's full sync): the log begins
  // anew with what is in the databases now. Nothing when the log is off; a failure leaves it as it was.
  util::Result<> start_over();

  // Writes out what is gathered and reads the files again into empty databases (DEBUG LOADAOF).
  util::Result<> reload();

  // For whoever writes a new base while the log goes on (the full server's BGREWRITEAOF): the log goes on in a new increment,
  // and the base that is installed later covers what was before it. With the log off there is no increment, and the base is
  // all there is.
  util::Result<> rotate();
  util::Result<> install_base(const std::string& path, std::string_view kind);
  // Where somebody writes bases in the background, the log is switched on (and started over) so, too: until its base is
  // there, changes go to a file that the manifest does not name.
  struct BackgroundBase {
    std::function<bool()> begin;   // at once, or as soon as it can; false: it cannot
    std::function<void()> cancel;  // nobody wants it any more
    // Writes and installs one before it returns: when a server starts with an empty log.
    std::function<util::Result<>()> first;
    // Files that a base covers stay; the manifest calls them history.
    std::function<bool()> keeps_history;
  };
  void write_bases_with(BackgroundBase writer) { background_ = std::move(writer); }
  bool awaits_base() const { return awaits_base_; }
  void base_failed();  // the one that is awaited: what was gathered for it serves nobody
  util::Result<> drop_history();
  bool is_on() const { return log_.is_open() || awaits_base_; }
  // What INFO says of such rewrites; kept by whoever makes them.
  struct Rewrites {
    bool running = false;
    bool scheduled = false;
    bool last_ok = true;
    util::UnixMs started = 0;
    int64_t last_seconds = -1;
    uint64_t count = 0;
    uint64_t failures_in_a_row = 0;
    uint64_t last_copied_bytes = 0;
  };
  Rewrites& rewrites() { return rewrites_; }
  uint64_t base_size() const { return base_size_; }  // what growth is measured by
  uint64_t total_size() const { return size_before_ + log_.size(); }

  AppendLog& log() { return log_; }
  const LogSettings& settings() const { return settings_; }
  void write_info(server::InfoWriter& out) const;

 private:
  void loaded(const util::Result<>& result);
  util::Result<> write_first_base();
  util::Result<> open_last();
  util::Result<> write_base();
  util::Result<> await_base();
  util::Result<> open_unnamed();
  void write_to(const LogFolder::Opened& opened);
  bool keeps_history() const { return background_.keeps_history && background_.keeps_history(); }
  void update_gate();

  server::Server& server_;
  LogSettings settings_;
  RewriterTable rewriters_;
  LogFolder folder_;
  AppendLog log_;
  LogLoader loader_;
  command::Gate gate_;
  std::string refusal_;
  Rewrites rewrites_;
  int64_t first_kept_ = 0;  // the increment that the last rotate() began
  uint64_t base_size_ = 0;
  uint64_t size_before_ = 0;  // of the files before the one that is written
  BackgroundBase background_;
  bool awaits_base_ = false;
  bool consuming_ = false;    // the propagator knows the log, and replies wait for it
};

}  // namespace aof
