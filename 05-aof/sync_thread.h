// SPDX-License-Identifier: MIT
//
// Syncs files to the disk while the loop goes on. One sync at a time; asking again while one runs
// is the caller's mistake. Thread rule: the thread shares with its owner only the file (kept alive
// by a shared_ptr) and what the mutex guards. It is started by the first request and joined by the
// destructor, behind the sync that is running.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "shared/util/files.h"

namespace aof {

class SyncThread {
 public:
  SyncThread() = default;
  ~SyncThread();
  SyncThread(const SyncThread&) = delete;

  // REQUIRES: !busy(). `size`: how many bytes the file holds now, and will have kept when the sync
  // is done.
  void start(std::shared_ptr<util::File> file, uint64_t size);
  bool busy() const;
  void wait();  // until no sync runs

  struct Outcome {
    uint64_t syncs = 0;        // how many have ended
    uint64_t synced_size = 0;  // of the last one that succeeded
    std::string error;         // of the last one; empty: it succeeded
  };
  Outcome outcome() const;

 private:
  void run();

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<util::File> file_;  // to be synced, or being synced; null: nothing to do
  uint64_t size_ = 0;
  Outcome outcome_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace aof
