// SPDX-License-Identifier: MIT
#include "05-aof/sync_thread.h"

namespace aof {

SyncThread::~SyncThread() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void SyncThread::start(std::shared_ptr<util::File> file, uint64_t size) {
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  {
    const std::lock_guard lock(mutex_);
    file_ = std::move(file);
    size_ = size;
  }
  changed_.notify_all();
}

bool SyncThread::busy() const {
  const std::lock_guard lock(mutex_);
  return file_ != nullptr;
}

void SyncThread::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return file_ == nullptr; });
}

SyncThread::Outcome SyncThread::outcome() const {
  const std::lock_guard lock(mutex_);
  return outcome_;
}

void SyncThread::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return ending_ || file_ != nullptr; });
    if (file_ == nullptr) return;
    const std::shared_ptr<util::File> file = file_;
    const uint64_t size = size_;
    lock.unlock();
    const util::Result<> synced = file->sync();
    lock.lock();
    ++outcome_.syncs;
    outcome_.error = synced ? std::string() : synced.error();
    if (synced) outcome_.synced_size = size;
    file_.reset();
    changed_.notify_all();
  }
}

}  // namespace aof
