// SPDX-License-Identifier: MIT
#include "10-full-server/lazy_free/lazy_free.h"

#include <utility>

#include "shared/keyspace/keyspace.h"

namespace lazy_free {

using keyspace::Entry;
using util::Blob;

LazyFree::~LazyFree() { stop(); }

void LazyFree::stop() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  take_back();
}

void LazyFree::bury(Entry* entry) { add({.entry = entry}); }

void LazyFree::bury(std::unique_ptr<keyspace::BucketTable> table) {
  const size_t keys = table->size();
  add({.table = std::move(table), .keys = keys});
}

void LazyFree::add(Grave grave) {
  pending_.fetch_add(grave.keys, std::memory_order_relaxed);
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  {
    const std::lock_guard lock(mutex_);
    graves_.push_back(std::move(grave));
  }
  changed_.notify_all();
}

void LazyFree::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return ending_ || !graves_.empty(); });
    if (graves_.empty()) return;
    Grave grave = std::move(graves_.front());
    graves_.pop_front();
    lock.unlock();
    free(grave);
    lock.lock();
  }
}

void LazyFree::free(Grave& grave) {
  if (grave.entry != nullptr) free(grave.entry);
  if (grave.table != nullptr) grave.table->clear([this](void* item) { free(static_cast<Entry*>(item)); });
  grave.table.reset();
  freed_.fetch_add(grave.keys, std::memory_order_relaxed);
  pending_.fetch_sub(grave.keys, std::memory_order_release);
}

void LazyFree::free(Entry* entry) {
  if (entry->has_blob()) {
    Blob blob = Blob::adopt(entry->word());
    const bool shared = blob.shared();
    const uintptr_t word = blob.release();
    if (shared) {
      entry->set_word(Blob().release());
      bool first = false;
      {
        const std::lock_guard lock(mutex_);
        first = returned_.empty();
        returned_.push_back(word);
      }
      if (first) blobs_returned_();
    }
  }
  keyspace::Keyspace::destroy(entry);
}

void LazyFree::take_back() {
  std::vector<uintptr_t> words;
  {
    const std::lock_guard lock(mutex_);
    words.swap(returned_);
  }
  for (const uintptr_t word : words) Blob::adopt(word);  // drops one reference
}

}  // namespace lazy_free
