// SPDX-License-Identifier: MIT
#include "10-full-server/eviction/eviction_pool.h"

#include <algorithm>
#include <vector>

#include "shared/testing/catch.h"
#include "shared/util/random.h"

namespace eviction {

TEST_CASE("the pool gives back the best of what it was offered, best first") {
  EvictionPool pool;
  CHECK(pool.take() == nullptr);
  pool.offer(5, 0, "five");
  pool.offer(9, 1, "nine");
  pool.offer(7, 0, "seven");
  const EvictionPool::Candidate* best = pool.take();
  REQUIRE(best != nullptr);
  CHECK(best->key == "nine");
  CHECK(best->db == 1);
  CHECK(pool.take()->key == "seven");
  CHECK(pool.take()->key == "five");
  CHECK(pool.take() == nullptr);
}

TEST_CASE("a key of a database is in the pool once") {
  EvictionPool pool;
  pool.offer(5, 0, "k");
  pool.offer(6, 0, "k");
  pool.offer(5, 1, "k");
  CHECK(pool.size() == 2);
}

TEST_CASE("a full pool keeps the sixteen best, whatever the order of the offers") {
  util::Random random(1);
  for (int round = 0; round < 200; ++round) {
    EvictionPool pool;
    std::vector<uint64_t> scores;
    for (int i = 0; i < 60; ++i) {
      scores.push_back(random.below(40));
      pool.offer(scores.back(), 0, std::to_string(i));
      REQUIRE(pool.size() == std::min<size_t>(scores.size(), EvictionPool::kPlaces));
    }
    std::sort(scores.rbegin(), scores.rend());
    for (size_t i = 0; i < EvictionPool::kPlaces; ++i) REQUIRE(pool.take()->score == scores[i]);
  }
}

}  // namespace eviction
