// SPDX-License-Identifier: MIT
//
// Hashes and sets against std::map and std::set, with texts of all lengths.
#include <map>
#include <set>
#include <string>

#include "10-full-server/collections/hash_table.h"
#include "10-full-server/collections/set_table.h"
#include "shared/testing/catch.h"

namespace collections {

namespace {

std::string text_of(util::Random& random, uint64_t kinds) {
  const uint64_t kind = random.below(kinds);
  return std::to_string(kind) + std::string(kind % 13 == 0 ? kind % 700 : kind % 30, 'x');
}

void check(const HashTable& table, const std::map<std::string, std::string>& model) {
  REQUIRE(table.find_fault() == "");
  REQUIRE(table.size() == model.size());
  for (const auto& [field, value] : model) {
    if (table.get(field) != value) FAIL(field << " has the wrong value");
  }
  size_t visited = 0;
  table.for_each([&](std::string_view field, std::string_view value) {
    visited += model.at(std::string(field)) == value ? 1 : 0;
  });
  CHECK(visited == model.size());
}

}  // namespace

TEST_CASE("hash table: a model holds the same after every random history") {
  const uint64_t before = memory::used();
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    util::Random random(seed);
    HashTable table;
    std::map<std::string, std::string> model;
    for (int i = 0; i < 20'000; ++i) {
      const std::string field = text_of(random, 2000);
      const std::string value = text_of(random, 800);
      const bool held = model.contains(field);
      if (random.below(3) == 0) {
        CHECK(table.remove(field) == held);
        model.erase(field);
      } else if (random.below(8) == 0) {
        CHECK(table.add(field, value) == !held);
        model.emplace(field, value);
      } else {
        CHECK(table.set(field, value) == !held);
        model[field] = value;
      }
      if (i % 5000 == 0) check(table, model);
    }
    check(table, model);
    const HashTable copy = table.clone();
    while (!table.empty()) {
      const HashTable::Field field = table.random(random);
      CHECK(model.at(std::string(field.name)) == field.value);
      CHECK(table.remove(field.name));
    }
    CHECK(table.find_fault() == "");
    check(copy, model);
  }
  CHECK(memory::used() == before);
}

TEST_CASE("hash table: moved as a word; a scan visits all") {
  HashTable table;
  for (int i = 0; i < 1000; ++i) table.set("f" + std::to_string(i), std::to_string(i));
  HashTable moved = HashTable::adopt(table.release());
  CHECK(table.empty());
  CHECK(!table.get("f1"));
  CHECK(table.memory_size() == 0);
  CHECK(moved.get("f999") == "999");
  CHECK(!moved.contains("f1000"));
  CHECK(moved.memory_size() > 16 * moved.size());
  std::set<std::string> seen;
  Cursor cursor = 0;
  do {
    cursor = moved.scan(cursor, [&](std::string_view field, std::string_view value) {
      if (field.substr(1) != value) FAIL("a wrong pair");
      seen.insert(std::string(field));
    });
  } while (cursor != 0);
  CHECK(seen.size() == 1000);
}

TEST_CASE("set table: a model holds the same after every random history") {
  const uint64_t before = memory::used();
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    util::Random random(seed);
    SetTable table;
    std::set<std::string> model;
    for (int i = 0; i < 20'000; ++i) {
      const std::string text = text_of(random, 3000);
      if (random.below(5) < (i % 8000 < 4000 ? 4u : 1u)) {
        CHECK(table.add(text) == model.insert(text).second);
      } else if (random.below(4) == 0 && !table.empty()) {
        CHECK(model.erase(std::string(table.take_random(random)->text())) == 1);
      } else {
        CHECK(table.remove(text) == (model.erase(text) == 1));
      }
    }
    REQUIRE(table.find_fault() == "");
    const SetTable copy = table.clone();
    CHECK(copy.find_fault() == "");
    CHECK(copy.size() == model.size());
    std::set<std::string> seen;
    copy.for_each([&](std::string_view text) { seen.insert(std::string(text)); });
    CHECK(seen == model);
    for (const std::string& text : model) {
      if (!table.contains(text)) FAIL(text << " is missing");
    }
  }
  CHECK(memory::used() == before);
}

TEST_CASE("set table: an empty one allocates nothing") {
  const uint64_t before = memory::used();
  SetTable table;
  CHECK(!table.contains("a"));
  CHECK(!table.remove("a"));
  CHECK(table.scan(0, [](std::string_view) {}) == 0);
  CHECK(table.clone().empty());
  CHECK(SetTable::adopt(table.release()).empty());
  CHECK(memory::used() == before);
}

TEST_CASE("set table: every member is drawn, and about as often") {
  SetTable table;
  for (int i = 0; i < 100; ++i) table.add(std::to_string(i));
  util::Random random(8);
  std::map<std::string, int> drawn;
  for (int i = 0; i < 50'000; ++i) ++drawn[std::string(table.random(random))];
  CHECK(drawn.size() == 100);
  for (const auto& [text, times] : drawn) {
    if (times < 350 || times > 650) FAIL(text << " was drawn " << times << " times");
  }
}

}  // namespace collections
