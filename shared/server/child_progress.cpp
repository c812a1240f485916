// SPDX-License-Identifier: MIT
#include "shared/server/child_progress.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>

#include "shared/util/clock.h"

namespace server {

constexpr double kMeasureEveryUs = 1e6;
// The system walks through all our memory for an answer: no more than a hundredth of the time goes there.
constexpr uint64_t kMostOfTime = 100;

struct ChildProgress::Page {
  std::atomic<uint64_t> done{0};
  std::atomic<uint64_t> copied{0};
  std::atomic<uint64_t> most_copied{0};
  std::atomic<int64_t> measured_us{0};
};

uint64_t private_dirty_bytes() {
  const int file = open("/proc/self/smaps_rollup", O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  char text[4096];
  const ssize_t count = read(file, text, sizeof text - 1);
  close(file);
  if (count <= 0) return 0;
  text[count] = 0;
  const char* field = std::strstr(text, "Private_Dirty:");
  return field == nullptr
             ? 0
             : std::strtoull(field + std::strlen("Private_Dirty:"), nullptr, 10) * 1024;
}

ChildProgress::ChildProgress() : page_(nullptr) {
  void* shared =
      mmap(nullptr, sizeof(Page), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared != MAP_FAILED) page_ = new (shared) Page;
}

ChildProgress::~ChildProgress() {
  if (page_ != nullptr) munmap(page_, sizeof(Page));
}

void ChildProgress::begin(uint64_t keys) {
  keys_ = keys;
  if (page_ == nullptr) return;
  page_->done = page_->copied = page_->most_copied = 0;
  page_->measured_us = 0;
}

void ChildProgress::enter_child() {
  in_child_ = page_ != nullptr;
  done_ = 0;
  next_measure_ = util::cpu_ticks() + static_cast<uint64_t>(kMeasureEveryUs * util::ticks_per_us());
}

void ChildProgress::counted() {
  page_->done.store(++done_, std::memory_order_relaxed);
  if (util::cpu_ticks() >= next_measure_) measure();
}

void ChildProgress::measure() {
  if (page_ == nullptr) return;
  const uint64_t started = util::cpu_ticks();
  const uint64_t copied = private_dirty_bytes();
  page_->copied = copied;
  page_->most_copied = std::max(page_->most_copied.load(), copied);
  page_->measured_us = util::Clock::system().monotonic_us();
  const uint64_t now = util::cpu_ticks();
  next_measure_ = now + std::max(static_cast<uint64_t>(kMeasureEveryUs * util::ticks_per_us()),
                                 (now - started) * kMostOfTime);
}

uint64_t ChildProgress::keys_done() const {
  return page_ == nullptr ? 0 : page_->done.load(std::memory_order_relaxed);
}
uint64_t ChildProgress::copied_bytes() const { return page_ == nullptr ? 0 : page_->copied.load(); }
uint64_t ChildProgress::most_copied_bytes() const {
  return page_ == nullptr ? 0 : page_->most_copied.load();
}
int64_t ChildProgress::measured_us() const {
  return page_ == nullptr ? 0 : page_->measured_us.load();
}

}  // namespace server
