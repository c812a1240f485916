// SPDX-License-Identifier: MIT
//
// BucketTable::sample(): as many as asked for, all of them reachable, marked ones alone when asked.
#include <map>
#include <set>

#include "shared/keyspace/bucket_table.h"
#include "shared/testing/catch.h"

namespace keyspace {

struct Item {
  uint64_t key;
  bool marked;
};

static uint64_t hash_of(const void* item) { return static_cast<const Item*>(item)->key * 0x9e3779b97f4a7c15; }

struct Sampled {
  explicit Sampled(size_t count, size_t marked_every) : items(count) {
    for (size_t i = 0; i < count; ++i) {
      items[i] = {i + 1, i % marked_every == 0};
      table.insert(hash_of(&items[i]), &items[i], items[i].marked);
    }
  }
  std::vector<Item> items;
  BucketTable table{hash_of};
  util::Random random{3};
};

TEST_CASE("sample: an empty table has none, a small one what it has") {
  BucketTable empty(hash_of);
  util::Random random(1);
  int seen = 0;
  empty.sample(random, 5, false, [&](void*) { ++seen; });
  empty.sample(random, 5, true, [&](void*) { ++seen; });
  CHECK(seen == 0);
  Sampled three(3, 2);
  std::set<uint64_t> keys;
  three.table.sample(three.random, 5, false, [&](void* item) { keys.insert(static_cast<Item*>(item)->key); });
  CHECK(keys == std::set<uint64_t>{1, 2, 3});
  keys.clear();
  three.table.sample(three.random, 5, true, [&](void* item) { keys.insert(static_cast<Item*>(item)->key); });
  CHECK(keys == std::set<uint64_t>{1, 3});
}

TEST_CASE("sample: so many different items, and only marked ones when asked") {
  for (const size_t every : {1, 7, 900, 20'000}) {
    Sampled some(20'000, every);
    for (int round = 0; round < 200; ++round) {
      const bool marked_only = round % 2 == 0;
      const size_t wanted = 1 + static_cast<size_t>(round % 20);
      std::set<uint64_t> keys;
      some.table.sample(some.random, wanted, marked_only, [&](void* item) {
        REQUIRE((!marked_only || static_cast<Item*>(item)->marked));
        REQUIRE(keys.insert(static_cast<Item*>(item)->key).second);
      });
      REQUIRE(keys.size() == std::min(wanted, marked_only ? some.table.marked() : some.table.size()));
    }
  }
}

TEST_CASE("sample: every item has its turn, none far more often than others") {
  for (const bool marked_only : {false, true}) {
    Sampled some(1000, marked_only ? 4 : 1);
    std::map<uint64_t, int> times;
    const int rounds = 20'000;
    for (int i = 0; i < rounds; ++i) {
      some.table.sample(some.random, 2, marked_only, [&](void* item) { ++times[static_cast<Item*>(item)->key]; });
    }
    const size_t reachable = marked_only ? 250 : 1000;
    REQUIRE(times.size() == reachable);
    for (const auto& [key, count] : times) {
      REQUIRE(count > 2 * rounds / static_cast<int>(reachable) / 12);
      REQUIRE(count < 2 * rounds / static_cast<int>(reachable) * 12);
    }
  }
}

}  // namespace keyspace
