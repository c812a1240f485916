// SPDX-License-Identifier: MIT
//
// The best candidates for eviction that samples have shown so far. Each round compares a handful of random keys; what was
// good but not the best is remembered for the next rounds, so that a few samples do nearly as well as a list of all keys
// in order of their use would.
//
//   sample ─► ▒▒▒▒▒ ─► [ 3 | 7 | 20 | … | 900 ]  16 places, ascending score ─► the last one is evicted
//
// Keys are kept by name: until its turn comes, a key may have gone or may have been used again. One thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace eviction {

class EvictionPool {
 public:
  static constexpr size_t kPlaces = 16;

  struct Candidate {
    uint64_t score;  // higher goes first
    int db;
    std::string key;
  };

  // Kept if there is room or a worse one to replace.
  void offer(uint64_t score, int db, std::string_view key);
  // The best one, which leaves the pool; null when it is empty. Valid until the next offer().
  const Candidate* take();
  size_t size() const { return size_; }
  void clear() { size_ = 0; }

 private:
  std::array<Candidate, kPlaces> places_;  // the first size_ of them, ascending; strings keep their memory
  size_t size_ = 0;
};

}  // namespace eviction
