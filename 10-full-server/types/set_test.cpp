// SPDX-License-Identifier: MIT
//
// Sets: a model with random changes in every shape, Redis' rules for going from one to the next,
// chance that prefers nobody.
#include "10-full-server/types/set.h"

#include <map>
#include <set>
#include <string>
#include <vector>

#include "shared/keyspace/edit.h"
#include "shared/testing/catch.h"
#include "shared/util/memory.h"
#include "shared/util/random.h"

namespace types {

namespace {

using Model = std::set<std::string>;

// Settings for one test.
struct Configured {
  explicit Configured(SetSettings settings) { set_settings = settings; }
  ~Configured() { set_settings = {}; }
};

std::string text_of(PackedValue member) {
  PackedValue::Scratch scratch;
  return std::string(member.text(scratch));
}

Model members_of(const Set& set) {
  Model model;
  set.for_each([&](PackedValue member) { REQUIRE(model.insert(text_of(member)).second); });
  return model;
}

Set of_integers(int count) {
  Set set = Set::integers();
  for (int i = 0; i < count; ++i) set.add(std::to_string(i));
  return set;
}

Set of_texts(int count, size_t length = 5) {
  Set set;
  for (int i = 0; i < count; ++i) {
    std::string text = std::to_string(i);
    set.add(std::string(length - text.size(), 'm') + text);
  }
  return set;
}

}  // namespace

TEST_CASE("a set holds what a model holds, in every shape") {
  const SetSettings settings[] = {{}, {4, 8, 64}, {0, 0, 64}, {512, 0, 64}, {16, 128, 3}};
  util::Random random(4711);
  for (const SetSettings& each : settings) {
    const Configured configured(each);
    for (const uint64_t range : {6, 40, 700}) {
      const size_t before = memory::used();
      {
        Set set = Set::integers();
        Model model;
        for (int i = 0; i < 3000; ++i) {
          std::string member = std::to_string(random.below(range));
          if (random.below(6) == 0) member.insert(0, "x");
          if (random.below(2 + i / 1000) != 0) {
            REQUIRE(set.add(member) == model.insert(member).second);
          } else {
            REQUIRE(set.remove(member) == (model.erase(member) == 1));
          }
          REQUIRE(set.size() == model.size());
          REQUIRE(set.contains(member) == model.contains(member));
          if (!model.empty()) REQUIRE(model.contains(text_of(set.random(random))));
        }
        REQUIRE(members_of(set) == model);
        const Set copy = set.clone();
        REQUIRE(copy.encoding() == set.encoding());
        REQUIRE(members_of(copy) == model);
        Model scanned;
        for (collections::Cursor cursor = 0;;) {
          cursor = set.scan(cursor, [&](PackedValue member) { scanned.insert(text_of(member)); });
          if (cursor == 0) break;
        }
        REQUIRE(scanned == model);
      }
      CHECK(memory::used() == before);
    }
  }
}

TEST_CASE("a set takes the shape that Redis would give it") {
  CHECK(of_integers(512).encoding_name() == "intset");
  CHECK(of_integers(513).encoding_name() == "hashtable");
  CHECK(of_texts(128).encoding_name() == "listpack");
  CHECK(of_texts(129).encoding_name() == "hashtable");
  CHECK(of_texts(2, 64).encoding_name() == "listpack");
  CHECK(of_texts(2, 65).encoding_name() == "hashtable");

  Set mixed = of_integers(127);
  mixed.add("text");
  CHECK(mixed.encoding_name() == "listpack");
  Set many = of_integers(128);
  many.add("text");
  CHECK(many.encoding_name() == "hashtable");
  Set longer = of_integers(3);
  longer.add(std::string(65, 'x'));
  CHECK(longer.encoding_name() == "hashtable");
  {
    const Configured configured({512, 128, 1});
    Set digits = of_integers(11);
    digits.add("x");
    CHECK(digits.encoding_name() == "hashtable");
  }
  mixed.remove("text");
  CHECK(mixed.encoding_name() == "listpack");  // nothing goes back by itself
  mixed.settle_as_integers();
  CHECK(mixed.encoding_name() == "intset");
}

TEST_CASE("what a command is about to add decides the first shape") {
  const auto shape = [](std::string_view first, size_t count) {
    Set set;
    set.prepare(first, count);
    return set.encoding_name();
  };
  CHECK(shape("1", 512) == "intset");
  CHECK(shape("1", 513) == "hashtable");
  CHECK(shape("01", 128) == "listpack");
  CHECK(shape("x", 129) == "hashtable");
  Set integers = of_integers(1);
  integers.prepare("5", 513);
  CHECK(integers.encoding_name() == "hashtable");
  Set texts = of_texts(1);
  texts.prepare("5", 129);
  CHECK(texts.encoding_name() == "hashtable");
}

TEST_CASE("samples hold different members, as many as asked for, and prefer nobody") {
  util::Random random(5);
  const auto draw = [&](const Set& set, size_t count, int rounds) {
    std::map<std::string, int> seen;
    for (int round = 0; round < rounds; ++round) {
      Model drawn;
      set.sample(count, random, [&](PackedValue member) {
        REQUIRE(drawn.insert(text_of(member)).second);
        ++seen[text_of(member)];
      });
      REQUIRE(drawn.size() == count);
    }
    return seen;
  };
  for (const Set& set : {of_integers(100), of_texts(100), of_texts(100, 80)}) {
    for (const size_t count : {1, 20, 60}) {  // 60 of 100 expected 600 times in 1000 rounds
      const auto seen = draw(set, count, 1000);
      REQUIRE(seen.size() == 100);
      for (const auto& [member, times] : seen) {
        CHECK(times > static_cast<int>(count) * 10 - 100);
        CHECK(times < static_cast<int>(count) * 10 + 100);
      }
    }
    draw(set, 0, 1);
    draw(set, 100, 1);
  }
}

TEST_CASE("what is taken leaves, and the rest stays in its shape or a smaller one") {
  util::Random random(6);
  for (const size_t count : {0, 1, 30, 95, 99}) {
    for (const Set& each : {of_integers(100), of_texts(100), of_texts(100, 80)}) {
      Set set = each.clone();
      const Model before = members_of(set);
      Model taken;
      set.take(count, random, [&](PackedValue member) { taken.insert(text_of(member)); });
      REQUIRE(taken.size() == count);
      Model together = members_of(set);
      REQUIRE(together.size() == 100 - count);
      together.merge(taken);
      REQUIRE(together == before);
    }
  }
  const Configured configured({0, 128, 64});
  Set table = Set::integers();
  for (int i = 0; i < 300; ++i) table.add(std::to_string(i));
  REQUIRE(table.encoding_name() == "hashtable");
  table.take(100, random, [](PackedValue) {});
  CHECK(table.encoding_name() == "hashtable");
  table.take(199, random, [](PackedValue) {});
  CHECK(table.encoding_name() == "listpack");
}

}  // namespace types
