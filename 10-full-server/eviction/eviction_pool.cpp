// SPDX-License-Identifier: MIT
#include "10-full-server/eviction/eviction_pool.h"

#include <algorithm>

namespace eviction {

void EvictionPool::offer(uint64_t score, int db, std::string_view key) {
  const auto end = places_.begin() + static_cast<long>(size_);
  for (auto at = places_.begin(); at != end; ++at) {
    if (at->db == db && at->key == key) return;  // seen before
  }
  auto place = std::lower_bound(places_.begin(), end, score,
                                [](const Candidate& each, uint64_t wanted) { return each.score < wanted; });
  if (size_ < kPlaces) {
    ++size_;
    std::rotate(place, end, end + 1);  // a free place moves in between
  } else {
    if (place == places_.begin()) return;  // worse than all
    --place;
    std::rotate(places_.begin(), places_.begin() + 1, place + 1);  // the worst one gives its place
  }
  place->score = score;
  place->db = db;
  place->key.assign(key);
}

const EvictionPool::Candidate* EvictionPool::take() { return size_ == 0 ? nullptr : &places_[--size_]; }

}  // namespace eviction
