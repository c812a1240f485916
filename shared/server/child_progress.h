// SPDX-License-Identifier: MIT
//
// How far a child that walks through the data set has come, and what that costs: a page of memory that it shares with its
// parent. The child counts every key; once a second, and less often where it is expensive, it asks the system how much
// memory has been copied. The parent reads whenever it likes.
// Invariant: only a child writes, and only between enter_child() and its end; all zero while none runs. The parent's side
// is the loop thread's alone.
#pragma once

#include <cstdint>

namespace server {

// What the pages that this process or its parent changed have cost; 0 where the system does not tell.
uint64_t private_dirty_bytes();

class ChildProgress {
 public:
  ChildProgress();
  ~ChildProgress();
  ChildProgress(const ChildProgress&) = delete;

  // In the parent, before the fork; and when the child has ended.
  void begin(uint64_t keys);
  void end() { begin(0); }

  // In the child, from here on.
  void enter_child();
  // One more key is behind us. Elsewhere than in a child it does nothing: SAVE walks, too.
  void count_key() {
    if (in_child_) [[unlikely]]
      counted();
  }
  // Asks the system now.
  void measure();

  uint64_t keys() const { return keys_; }  // when it began
  uint64_t keys_done() const;
  uint64_t copied_bytes() const;
  uint64_t most_copied_bytes() const;
  int64_t measured_us() const;  // on the monotonic clock; 0: not yet
  double percent() const {
    return keys_ == 0 ? 0 : 100.0 * static_cast<double>(keys_done()) / static_cast<double>(keys_);
  }

 private:
  struct Page;
  void counted();

  Page* page_;  // null: the system has none to share
  uint64_t keys_ = 0;
  uint64_t done_ = 0;
  uint64_t next_measure_ = 0;  // in util::cpu_ticks()
  bool in_child_ = false;
};

}  // namespace server
