// SPDX-License-Identifier: MIT
//
// The table against a model, and its promises: what a scan visits, what marks add up to, what a
// single insertion costs, how many bytes an item takes.
#include "shared/keyspace/bucket_table.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <set>
#include <unordered_map>
#include <vector>

#include "shared/testing/catch.h"
#include "shared/util/memory.h"

namespace keyspace {

namespace {

// An item carries its hash, so that tests choose where it goes.
struct alignas(8) Item {
  uint64_t hash;
  uint64_t key;
};
uint64_t hash_of(const void* item) { return static_cast<const Item*>(item)->hash; }

uint64_t mix(uint64_t x) {
  x = (x ^ x >> 31) * 0x7fb5d329728ea185;
  x = (x ^ x >> 27) * 0x81dadef4bc2dd44d;
  return x ^ x >> 33;
}

Slot* find(const BucketTable& table, uint64_t hash, uint64_t key) {
  return table.find(hash, [key](Bucket& bucket, uint16_t tag) -> Slot* {
    for (Slot& slot : bucket.slots) {
      if (slot == 0 || is_link(slot) || slot_tag(slot) != tag) continue;
      if (static_cast<Item*>(slot_item(slot))->key == key) return &slot;
    }
    return nullptr;
  });
}

// A table and what it should hold.
struct Modelled {
  explicit Modelled(uint64_t (*hash)(uint64_t)) : hash_key(hash) {}

  void insert(uint64_t key, bool marked) {
    auto item = std::make_unique<Item>(Item{hash_key(key), key});
    table.insert(item->hash, item.get(), marked);
    model.emplace(key, Held{std::move(item), marked});
  }
  void erase(uint64_t key) {
    Slot* slot = find(table, hash_key(key), key);
    REQUIRE(slot != nullptr);
    table.erase(hash_key(key), slot);
    model.erase(key);
  }
  void mark(uint64_t key, bool marked) {
    table.set_marked(hash_key(key), find(table, hash_key(key), key), marked);
    model.at(key).marked = marked;
  }
  void check() const;

  struct Held {
    std::unique_ptr<Item> item;
    bool marked;
  };
  uint64_t (*hash_key)(uint64_t);
  BucketTable table{hash_of};
  std::unordered_map<uint64_t, Held> model;
};

void Modelled::check() const {
  REQUIRE(table.size() == model.size());
  size_t marked = 0, found_again = 0, in_segments = 0, visited_marked = 0;
  for (const auto& [key, held] : model) {
    Slot* slot = find(table, hash_key(key), key);
    REQUIRE(slot != nullptr);
    if (slot_item(*slot) != held.item.get() || is_marked(*slot) != held.marked)
      FAIL("key " << key << " is held wrongly");
    marked += held.marked ? 1 : 0;
  }
  table.for_each(
      [&](void* item) { found_again += model.contains(static_cast<Item*>(item)->key) ? 1 : 0; });
  CHECK(found_again == model.size());
  for (size_t i = 0; i < table.segment_count(); ++i) in_segments += table.marked_in(i);
  for (size_t i = 0; i < table.bucket_count(); ++i) {
    table.for_each_marked(i, [&](void* item) {
      visited_marked += model.at(static_cast<Item*>(item)->key).marked ? 1 : 0;
    });
  }
  CHECK(table.marked() == marked);
  CHECK(in_segments == marked);
  CHECK(visited_marked == marked);
}

void churn(Modelled& modelled, uint64_t seed, int steps, uint64_t key_range) {
  util::Random random(seed);
  bool growing = true;
  for (int i = 0; i < steps; ++i) {
    if (random.below(static_cast<uint64_t>(steps) / 6 + 1) == 0) growing = !growing;
    const uint64_t key = random.below(key_range);
    const bool held = modelled.model.contains(key);
    if (held && random.below(5) == 0) {
      modelled.mark(key, random.below(2) == 0);
    } else if (held && (!growing || random.below(8) == 0)) {
      modelled.erase(key);
    } else if (!held && (growing || random.below(8) == 0)) {
      modelled.insert(key, random.below(3) == 0);
    }
  }
}

}  // namespace

TEST_CASE("bucket table: a model holds the same after every random history") {
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    Modelled modelled(mix);
    for (int round = 0; round < 5; ++round) {
      churn(modelled, 10 * seed + static_cast<uint64_t>(round), 8000, seed % 2 == 0 ? 60 : 20000);
      modelled.check();
    }
    while (!modelled.model.empty()) modelled.erase(modelled.model.begin()->first);
    modelled.check();
    CHECK(modelled.table.overflow_count() == 0);
    CHECK(modelled.table.bucket_count() == 1);
  }
}

TEST_CASE("bucket table: long chains, because half the keys share their low bits") {
  Modelled modelled([](uint64_t key) { return key % 2 == 0 ? mix(key) << 40 | 5 : mix(key); });
  churn(modelled, 7, 6000, 1500);
  modelled.check();
  CHECK(modelled.table.overflow_count() > 50);
  while (modelled.model.size() > 3) modelled.erase(modelled.model.begin()->first);
  modelled.check();
  CHECK(modelled.table.overflow_count() == 0);
}

TEST_CASE("bucket table: equal tags are told apart by their items") {
  Modelled modelled([](uint64_t key) { return uint64_t{0xabcd} << 48 | (key * 31); });
  churn(modelled, 3, 4000, 500);
  modelled.check();
}

TEST_CASE("bucket table: a scan visits what stays, however the table changes between its steps") {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    util::Random random(seed);
    Modelled modelled(mix);
    const uint64_t stayers = 1 + random.below(seed % 3 == 0 ? 3000 : 40);
    for (uint64_t key = 0; key < stayers; ++key) modelled.insert(key, false);
    std::set<uint64_t> seen;
    std::vector<uint64_t> passing;
    uint64_t next_key = 1'000'000;
    BucketTable::Cursor cursor = 0;
    do {
      const uint64_t burst = random.below(200);
      const bool add = random.below(2) == 0;
      for (uint64_t i = 0; i < burst; ++i) {
        if (add && passing.size() < 20000) {
          modelled.insert(next_key, false);
          passing.push_back(next_key++);
        } else if (!passing.empty()) {
          modelled.erase(passing.back());
          passing.pop_back();
        }
      }
      cursor = modelled.table.scan(cursor,
                                   [&](void* item) { seen.insert(static_cast<Item*>(item)->key); });
    } while (cursor != 0);
    size_t visited = 0;
    for (uint64_t key = 0; key < stayers; ++key) visited += seen.count(key);
    CHECK(visited == stayers);
  }
}

TEST_CASE("bucket table: a scan of a table at rest visits everything once, and ends") {
  for (const uint64_t count : {0, 1, 6, 7, 13, 14, 100, 3327, 3328, 3329, 5000}) {
    Modelled modelled(mix);
    for (uint64_t key = 0; key < count; ++key) modelled.insert(key, false);
    std::unordered_map<uint64_t, int> visits;
    BucketTable::Cursor cursor = 0;
    size_t steps = 0;
    do {
      cursor =
          modelled.table.scan(cursor, [&](void* item) { ++visits[static_cast<Item*>(item)->key]; });
      ++steps;
    } while (cursor != 0);
    CHECK(visits.size() == count);
    CHECK(std::all_of(visits.begin(), visits.end(),
                      [](const auto& each) { return each.second == 1; }));
    CHECK(steps == std::max<size_t>(1, modelled.table.bucket_count()));
  }
}

TEST_CASE("bucket table: any number is a cursor, and leads to the end") {
  util::Random random(5);
  Modelled modelled(mix);
  for (uint64_t key = 0; key < 1000; ++key) modelled.insert(key, false);
  for (int i = 0; i < 200; ++i) {
    BucketTable::Cursor cursor = random.next();
    size_t steps = 0;
    do {
      cursor = modelled.table.scan(cursor, [](void*) {});
    } while (cursor != 0 && ++steps <= modelled.table.bucket_count());
    CHECK(cursor == 0);
  }
}

TEST_CASE("bucket table: random picks are spread evenly, and leave nothing out") {
  constexpr uint64_t kItems = 1000, kDraws = 400'000;
  Modelled modelled(mix);
  for (uint64_t key = 0; key < kItems; ++key) modelled.insert(key, false);
  util::Random random(11);
  std::vector<double> drawn(kItems);
  for (uint64_t i = 0; i < kDraws; ++i)
    ++drawn[static_cast<Item*>(modelled.table.random(random))->key];
  const double expected = double{kDraws} / kItems;
  double chi_square = 0;
  for (const double count : drawn) chi_square += (count - expected) * (count - expected) / expected;
  CHECK(chi_square < kItems + 6 * std::sqrt(2.0 * kItems));
  CHECK(*std::min_element(drawn.begin(), drawn.end()) > 0);
}

TEST_CASE("bucket table: random reaches the end of the longest chain") {
  Modelled modelled([](uint64_t key) { return key << 40; });
  for (uint64_t key = 0; key < 40; ++key) modelled.insert(key, false);
  util::Random random(13);
  std::set<uint64_t> drawn;
  for (int i = 0; i < 50000; ++i)
    drawn.insert(static_cast<Item*>(modelled.table.random(random))->key);
  CHECK(drawn.size() == 40);
}

TEST_CASE(
    "bucket table: it takes the memory that it says, 13 bytes an item at most, and gives all of it "
    "back") {
  constexpr size_t kItems = 1'000'000;
  std::vector<Item> items(kItems);
  for (size_t i = 0; i < kItems; ++i) items[i] = {mix(i), i};
  const uint64_t before = memory::used();
  {
    BucketTable table(hash_of);
    double worst = 0;
    uint64_t most_allocated = 0;
    for (size_t i = 0; i < kItems; ++i) {
      const uint64_t used = memory::used();
      const size_t buckets = table.bucket_count();
      table.insert(items[i].hash, &items[i]);
      if (table.bucket_count() > buckets + 1) FAIL("more than one split");
      most_allocated = std::max(most_allocated, memory::used() - std::min(used, memory::used()));
      if (i >= kItems / 2 && i % 10'000 == 0) {
        worst =
            std::max(worst, static_cast<double>(table.memory_size()) / static_cast<double>(i + 1));
      }
    }
    // The real size of allocations may exceed what was asked for, but not by much.
    const uint64_t taken = memory::used() - before;
    CHECK(taken >= table.memory_size());
    CHECK(taken < table.memory_size() * 23 / 20);
    CHECK(worst <= 13.0);
    CHECK(most_allocated <= BucketTable::kSegmentBuckets * sizeof(Bucket) * 5 / 4);
    table.clear([](void*) {});
    CHECK(table.memory_size() == 0);
    CHECK(memory::used() == before);
  }
  CHECK(memory::used() == before);
}

TEST_CASE("bucket table: erasing gives buckets back, one at a time") {
  Modelled modelled(mix);
  for (uint64_t key = 0; key < 20000; ++key) modelled.insert(key, key % 3 == 0);
  const size_t full = modelled.table.memory_size();
  for (uint64_t key = 0; key < 19000; ++key) {
    const size_t buckets = modelled.table.bucket_count();
    modelled.erase(key);
    if (modelled.table.bucket_count() + 1 < buckets) FAIL("more than one merge");
  }
  modelled.check();
  CHECK(modelled.table.memory_size() < full / 4);
}

TEST_CASE("bucket table: swap exchanges everything") {
  Modelled a(mix), b(mix);
  for (uint64_t key = 0; key < 3000; ++key) a.insert(key, key % 2 == 0);
  b.insert(1, true);
  a.table.swap(b.table);
  a.model.swap(b.model);
  a.check();
  b.check();
}

}  // namespace keyspace
