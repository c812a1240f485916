// SPDX-License-Identifier: MIT
#include "05-aof/append_log.h"

#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "shared/resp/request_writer.h"
#include "shared/util/todo.h"

namespace aof {

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kLongestWait = 2 * kSecond;
constexpr int64_t kErrorLineEvery = 30 * kSecond;

void AppendLog::consume(int db, std::string_view request) {
  if (before_append_) before_append_();
  // [05.1b begin] nothing without a file; the database first, where it has changed
  //stub: (void)db, (void)request;  // TODO 05.1
  if (!file_) return;
  if (db != selected_) select(db);
  file_->append(request);
  // [05.1b end]
  if (append_listener_) append_listener_();
}

void AppendLog::select(int db) {
  util::ByteBuffer request;
  const std::string number = std::to_string(db);
  const std::string_view words[] = {"SELECT", number};
  resp::append_request(request, words);
  file_->append(request.view());
  selected_ = db;
}

void AppendLog::open(std::shared_ptr<util::File> file, uint64_t size) {
  sync_.wait();  // of the file before
  syncs_seen_ = sync_.outcome().syncs;
  offset_ = position() - static_cast<int64_t>(size);
  file_.emplace(std::move(file), size);
  selected_ = -1;
  synced_size_ = size;
  last_sync_us_ = world_.clock.monotonic_us();
  waiting_since_us_ = 0;
  write_error_.clear();
  sync_error_.clear();
  world_.blocked();
}

void AppendLog::close() {
  if (const auto finished = finish(); !finished) {
    world_.log.warning(fmt::format("Fail to fsync the AOF file: {}", finished.error()));
  }
  offset_ = position();
  file_.reset();
  write_error_.clear();
  sync_error_.clear();
  world_.blocked();
}

void AppendLog::end_turn() {
  // [05.2a begin] what this turn has gathered; tick() alone tries again what has failed
  //stub: (void)0;  // TODO 05.2: until then, tick() writes, ten times a second
  if (!file_ || file_->buffered() == 0 || !write_error_.empty()) return;
  write_out(Force::No);
  // [05.2a end]
}

void AppendLog::tick() {
  if (!file_) return;
  look_at_sync();
  const int64_t now = world_.clock.monotonic_us();
  if (!write_error_.empty()) {
    if (now - last_retry_us_ < kSecond) return;
    last_retry_us_ = now;
  }
  if (file_->buffered() > 0) {
    write_out(Force::No);
  } else {
    sync();
  }
}

util::Result<> AppendLog::finish() {
  if (!file_) return {};
  if (file_->buffered() > 0) write_out(Force::Yes);
  if (file_->buffered() > 0) return util::Failure{write_error_};
  sync_.wait();
  tell(SyncEvent::Begins);
  auto synced = file_->file()->sync();
  if (synced) synced_size_ = file_->size(), tell(SyncEvent::Done);
  return synced;
}

// A write to a file that is being synced waits in the system until the sync is done, and everybody
// with it.
bool AppendLog::must_wait() {
  if (world_.settings.policy() != SyncPolicy::EverySecond || !sync_.busy()) return false;
  const int64_t now = world_.clock.monotonic_us();
  if (waiting_since_us_ == 0) waiting_since_us_ = now;
  if (now - waiting_since_us_ < kLongestWait) return true;
  ++delayed_;
  world_.log.notice(
      "Asynchronous AOF fsync is taking too long (disk is busy?). Writing the AOF buffer without "
      "waiting for fsync to "
      "complete, this may slow down Redis.");
  return false;
}

void AppendLog::write_out(Force force) {
  if (force == Force::No && must_wait()) return;
  waiting_since_us_ = 0;
  if (pause_us_ > 0) [[unlikely]]
    std::this_thread::sleep_for(std::chrono::microseconds(pause_us_));
  const AppendFile::Written written = file_->write_out();
  if (!written.error.empty()) return write_failed(written);
  if (!write_error_.empty()) write_succeeded();
  sync();
}

void AppendLog::write_failed(const AppendFile::Written& written) {
  const int64_t now = world_.clock.monotonic_us();
  const bool always = world_.settings.policy() == SyncPolicy::Always;
  if (always || last_error_line_us_ == 0 || now - last_error_line_us_ > kErrorLineEvery) {
    last_error_line_us_ = now;
    world_.log.warning(
        written.cut_short
            ? fmt::format("Short write while writing to the AOF file: (nwritten={}, expected={})",
                          written.count, written.expected)
            : fmt::format("Error writing to the AOF file: {}", written.error));
    if (!written.not_taken_back.empty()) {
      world_.log.warning(
          fmt::format("Could not remove short write from the append-only file.  Redis may refuse "
                      "to load the AOF the next time it "
                      "starts.  ftruncate: {}",
                      written.not_taken_back));
    }
  }
  if (always) {
    world_.log.warning(
        "Can't recover from AOF write error when the AOF fsync policy is 'always'. Exiting...");
    world_.die();
  }
  last_retry_us_ = now;
  write_error_ = written.error;
  world_.blocked();
}

void AppendLog::write_succeeded() {
  world_.log.notice("AOF write error looks solved, Redis can write again.");
  write_error_.clear();
  world_.blocked();
}

void AppendLog::sync() {
  if (file_->size() == synced_size_) return;
  if (world_.settings.no_sync_while_child && world_.child_runs()) return;
  // [05.5a begin] each policy its way
  //stub: if (world_.settings.policy() != SyncPolicy::No) todo("05.5");
  if (world_.settings.policy() == SyncPolicy::Always) sync_now();
  if (world_.settings.policy() == SyncPolicy::EverySecond) sync_behind();
  // [05.5a end]
}

void AppendLog::sync_now() {
  tell(SyncEvent::Begins);
  // [05.5b begin] on this thread, before any reply; who cannot keep a promise says nothing more
  if (const auto synced = file_->file()->sync(); !synced) {
    world_.log.warning(fmt::format(
        "Can't persist AOF for fsync error when the AOF fsync policy is 'always': {}. Exiting...",
        synced.error()));
    world_.die();
  }
  synced_size_ = file_->size();
  // [05.5b end]
  tell(SyncEvent::Done);
}

void AppendLog::sync_behind() {
  const int64_t now = world_.clock.monotonic_us();
  // [05.5c begin] at most one at a time, at most one a second, on the other thread
  //stub: (void)now;
  //stub: todo("05.5");
  if (now - last_sync_us_ < kSecond || sync_.busy()) return;
  last_sync_us_ = now;
  sync_.start(file_->file(), file_->size());
  // [05.5c end]
  if (last_sync_us_ == now) tell(SyncEvent::Begins);
}

// What the thread has achieved since the last look.
void AppendLog::look_at_sync() {
  const SyncThread::Outcome outcome = sync_.outcome();
  if (outcome.syncs == syncs_seen_) return;
  syncs_seen_ = outcome.syncs;
  if (outcome.error.empty()) synced_size_ = outcome.synced_size, tell(SyncEvent::Done);
  if (outcome.error == sync_error_) return;
  if (!outcome.error.empty())
    world_.log.warning(fmt::format("Fail to fsync the AOF file: {}", outcome.error));
  sync_error_ = outcome.error;
  world_.blocked();
}

}  // namespace aof
