// SPDX-License-Identifier: MIT
//
// Frees what would take long on a thread of its own: collections of many parts, whole databases. What is buried belongs to
// the thread alone, but for one thing: the blob of a string may still be on its way to a client. Its count tells; a blob
// that others hold is handed back to the loop, whose business counts are.
//
//   loop ── bury() ──► queue ──► thread: free, free, …
//        ◄── blobs that are still being sent ──┘
//
// Thread rule: the queue and the returned blobs are guarded by the mutex; the counters are atomic. The thread is started
// by the first burial and joined by stop(), behind everything that was buried.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "shared/keyspace/disposal.h"

namespace lazy_free {

class LazyFree final : public keyspace::Disposal {
 public:
  // `blobs_returned` is called on the thread, and leads to a call of take_back() on the loop's.
  explicit LazyFree(std::function<void()> blobs_returned) : blobs_returned_(std::move(blobs_returned)) {}
  ~LazyFree();
  LazyFree(const LazyFree&) = delete;

  void bury(keyspace::Entry* entry) override;
  void bury(std::unique_ptr<keyspace::BucketTable> table) override;
  void take_back();
  void stop();

  uint64_t pending() const { return pending_.load(std::memory_order_acquire); }  // keys buried and not yet freed
  uint64_t freed() const { return freed_.load(std::memory_order_relaxed) - freed_before_; }
  void reset_statistics() { freed_before_ = freed_.load(std::memory_order_relaxed); }

 private:
  struct Grave {
    keyspace::Entry* entry = nullptr;
    std::unique_ptr<keyspace::BucketTable> table = {};
    size_t keys = 1;
  };
  void add(Grave grave);
  void run();
  void free(Grave& grave);
  void free(keyspace::Entry* entry);

  std::function<void()> blobs_returned_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Grave> graves_;
  std::vector<uintptr_t> returned_;
  bool ending_ = false;
  std::atomic<uint64_t> pending_{0};
  std::atomic<uint64_t> freed_{0};
  uint64_t freed_before_ = 0;  // the loop thread's: when the statistics were reset
  std::thread thread_;
};

}  // namespace lazy_free
