// SPDX-License-Identifier: MIT
//
// The log while it is being written: what commands change is gathered during a turn, written behind
// the turn's last command, and only then do the replies leave. When the disk has it for good is the
// policy's choice:
//
//   always    in the same step, before the replies; a failure ends the process, so that nobody hears of what may be lost
//   everysec  once a second, on a thread of its own; while that runs, writes wait, for two seconds at most
//   no        when the system pleases
//
// After a failed write (everysec, no) what was written of it is taken back, blocked() says why
// writes must be refused, and tick() tries again each second. The loop thread's alone.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "05-aof/append_file.h"
#include "05-aof/log_settings.h"
#include "05-aof/sync_thread.h"
#include "shared/command/propagator.h"
#include "shared/server/log.h"
#include "shared/util/clock.h"

namespace aof {

class AppendLog final : public command::StreamConsumer {
 public:
  struct World {
    const LogSettings& settings;
    const server::Log& log;
    util::Clock& clock;
    std::function<bool()> child_runs;
    std::function<void()> die;      // ends the process with 1, at once; does not return
    std::function<void()> blocked;  // blocked() has changed
  };
  explicit AppendLog(World world) : world_(std::move(world)) {}

  command::Audience audience() const override { return command::Audience::Log; }
  int database_of_multi(int) const override { return selected_; }  // SELECT comes within, as from Redis
  void consume(int db, std::string_view request) override;

  // From now on everything is appended to this file, which holds `size` bytes.
  void open(std::shared_ptr<util::File> file, uint64_t size);
  bool is_open() const { return file_.has_value(); }
  // Writes and syncs what is left, and forgets the file. The log line says what failed.
  void close();

  // How many bytes have been gathered since the first open(), over all files, and how many of them are on the disk for good.
  int64_t position() const { return file_ ? offset_ + static_cast<int64_t>(file_->end()) : offset_; }
  int64_t synced_position() const { return file_ ? offset_ + static_cast<int64_t>(synced_size_) : offset_; }
  // Called before each request that is gathered; may append_line().
  void before_append(std::function<void()> listener) { before_append_ = std::move(listener); }
  // An annotation, "#…\r\n": stands before the next request, and is passed over when the log is read.
  void append_line(std::string_view line) {
    if (file_) file_->append(line);
  }
  // Called when a sync begins (what has been written is in it) and when one has succeeded.
  enum class SyncEvent : uint8_t { Begins, Done };
  void on_sync(std::function<void(SyncEvent)> listener) { sync_listener_ = std::move(listener); }
  // Called behind each request that was gathered.
  void on_append(std::function<void()> listener) { append_listener_ = std::move(listener); }

  void end_turn();  // before the replies
  void tick();      // some times a second
  // Everything is on the disk, or the reason why not.
  util::Result<> finish();

  // Why commands that write must be refused; empty: nothing is wrong.
  std::string_view blocked() const { return write_error_.empty() ? sync_error_ : write_error_; }

  uint64_t size() const { return file_ ? file_->size() : 0; }
  size_t buffered() const { return file_ ? file_->buffered() : 0; }
  bool sync_pending() const { return sync_.busy(); }
  void pause_before_writes(int64_t microseconds) {
    pause_us_ = microseconds;
  }  // tests make the disk slow
  uint64_t delayed_syncs() const { return delayed_; }

 private:
  enum class Force : bool { No, Yes };
  void select(int db);
  void write_out(Force force);
  bool must_wait();
  void write_failed(const AppendFile::Written& written);
  void write_succeeded();
  void sync();
  void sync_now();
  void sync_behind();
  void look_at_sync();
  void tell(SyncEvent event) const {
    if (sync_listener_) sync_listener_(event);
  }

  World world_;
  std::function<void(SyncEvent)> sync_listener_;
  std::function<void()> before_append_;
  std::function<void()> append_listener_;
  int64_t offset_ = 0;  // the position of the file's first byte
  std::optional<AppendFile> file_;
  int selected_ = -1;         // the database that the file has named last
  uint64_t synced_size_ = 0;  // of the file: so much is kept for good
  int64_t last_sync_us_ = 0;  // when the last one began
  int64_t last_retry_us_ = 0;
  int64_t last_error_line_us_ = 0;
  int64_t waiting_since_us_ = 0;  // 0: no write waits
  int64_t pause_us_ = 0;
  uint64_t delayed_ = 0;
  uint64_t syncs_seen_ = 0;
  std::string write_error_;
  std::string sync_error_;
  SyncThread sync_;
};

}  // namespace aof
