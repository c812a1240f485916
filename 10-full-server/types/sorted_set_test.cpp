// SPDX-License-Identifier: MIT
//
// Sorted sets in both shapes against a map, where they change shape, and Redis' bytes of small ones.
#include "10-full-server/types/sorted_set.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "10-full-server/types/testing_hex.h"
#include "shared/testing/catch.h"
#include "shared/util/memory.h"
#include "shared/util/random.h"

namespace types {

namespace {

using Model = std::map<std::string, double>;
using Pairs = std::vector<std::pair<double, std::string>>;

Pairs in_order(const Model& model) {
  Pairs pairs;
  for (const auto& [text, score] : model) pairs.emplace_back(score, text);
  std::sort(pairs.begin(), pairs.end());
  return pairs;
}

std::string text_of(const SortedSetCursor& at) {
  PackedValue::Scratch scratch;
  return std::string(at.text(scratch));
}

Pairs upwards(const SortedSet& set) {
  Pairs pairs;
  for (SortedSetCursor at = set.first(); at; at.next()) pairs.emplace_back(at.score(), text_of(at));
  return pairs;
}

void check_equal(const SortedSet& set, const Model& model) {
  const Pairs expected = in_order(model);
  REQUIRE(set.size() == model.size());
  REQUIRE(upwards(set) == expected);
  Pairs downwards;
  for (SortedSetCursor at = set.last(); at; at.previous()) {
    downwards.emplace_back(at.score(), text_of(at));
  }
  std::reverse(downwards.begin(), downwards.end());
  REQUIRE(downwards == expected);
}

size_t count_if(const Pairs& pairs, auto&& matches) {
  return static_cast<size_t>(std::count_if(pairs.begin(), pairs.end(), matches));
}

void check_score_range(const SortedSet& set, const Pairs& pairs, const ScoreRange& range) {
  const RankRange ranks = set.ranks_of(range);
  const size_t below = count_if(pairs, [&](const auto& pair) {
    return range.min_exclusive ? pair.first <= range.min : pair.first < range.min;
  });
  const size_t within = count_if(pairs, [&](const auto& pair) {
    return (range.min_exclusive ? pair.first > range.min : pair.first >= range.min) &&
           (range.max_exclusive ? pair.first < range.max : pair.first <= range.max);
  });
  REQUIRE(ranks.size() == within);
  if (within > 0) REQUIRE(ranks.begin == below);
}

std::string random_text(util::Random& random) {
  const uint64_t number = random.below(60);
  return random.below(3) == 0 ? std::to_string(number) : "m" + std::to_string(number);
}

void change_at_random(SortedSet& set, Model& model, util::Random& random) {
  const std::string text = random_text(random);
  const double score = static_cast<double>(random.below(40)) / 4 - 3;
  switch (random.below(6)) {
    case 0:
      REQUIRE(set.remove(text) == (model.erase(text) > 0));
      break;
    case 1: {
      if (model.empty() || random.below(8) != 0) break;
      const Pairs pairs = in_order(model);
      const size_t begin = random.below(pairs.size());
      const size_t end = std::min(pairs.size(), begin + random.below(6));
      for (size_t i = begin; i < end; ++i) model.erase(pairs[i].second);
      set.remove(RankRange{begin, end});
      break;
    }
    default:
      REQUIRE(set.put(text, score) == model.insert_or_assign(text, score).second);
  }
}

void check_against_model(uint64_t seed, size_t max_entries) {
  const SortedSetSettings before = sorted_set_settings;
  sorted_set_settings.max_listpack_entries = max_entries;
  const uint64_t used = memory::used();
  {
    util::Random random(seed);
    SortedSet set;
    Model model;
    for (int step = 0; step < 3000; ++step) {
      change_at_random(set, model, random);
      check_equal(set, model);
      const Pairs pairs = in_order(model);
      const double low = static_cast<double>(random.below(40)) / 4 - 3;
      check_score_range(set, pairs,
                        {low, low + static_cast<double>(random.below(12)) / 4, random.below(2) == 0,
                         random.below(2) == 0});
      const std::string text = random_text(random);
      const auto ranked = set.rank_of(text);
      REQUIRE(ranked.has_value() == model.contains(text));
      if (ranked) REQUIRE(pairs[ranked->rank] == std::pair(ranked->score, text));
    }
    const SortedSet copy = set.clone();
    check_equal(copy, model);
    REQUIRE(copy.encoding_name() == set.encoding_name());
  }
  CHECK(memory::used() == used);
  sorted_set_settings = before;
}

}  // namespace

TEST_CASE("sorted set: as a listpack, against a map") { check_against_model(3, 1000); }

TEST_CASE("sorted set: as a table, against a map") { check_against_model(4, 0); }

TEST_CASE("sorted set: turning into a table on the way, against a map") {
  check_against_model(5, 40);
}

TEST_CASE("sorted set: Redis' bytes of a small one") {
  SortedSet set;
  set.put("a", 1.5);
  set.put("b", -0.0);  // becomes the integer 0
  set.put("7", std::numeric_limits<double>::infinity());
  set.put("c", 4611686018427387904.0);  // too large to be sure that it is whole; its text is
  CHECK(to_hex(set.packed_bytes()) ==
        "280000000800"
        "816202000181610283312e3504816302f40000000000000040090701"
        "83696e6604ff");
}

TEST_CASE("sorted set: it becomes a table by number and by length of members") {
  SortedSet set;
  for (int i = 0; i < 128; ++i) set.put("m" + std::to_string(i), i);
  CHECK(set.encoding_name() == "listpack");
  set.put("m5", 99);
  CHECK(set.encoding_name() == "listpack");
  set.put("one more", 1);
  CHECK(set.encoding_name() == "skiplist");
  while (!set.empty()) set.remove(RankRange{0, 1});
  CHECK(set.encoding_name() == "skiplist");

  SortedSet other;
  other.put(std::string(64, 'x'), 1);
  CHECK(other.is_packed());
  other.put(std::string(65, 'x'), 1);
  CHECK_FALSE(other.is_packed());

  SortedSet announced;
  announced.prepare(129);
  CHECK_FALSE(announced.is_packed());
  CHECK(announced.empty());
  SortedSet long_first;
  long_first.prepare(1, 65);
  CHECK_FALSE(long_first.is_packed());
}

TEST_CASE("sorted set: built at once, it has the shape that its content asks for") {
  std::vector<std::string> texts;
  std::vector<SortedSet::Element> elements;
  for (int i = 0; i < 129; ++i) texts.push_back("m" + std::to_string(i % 10) + std::to_string(i));
  for (size_t i = 0; i < 129; ++i) elements.push_back({texts[i], static_cast<double>(i % 7)});
  SortedSet big;
  big.build_unsorted(elements);
  CHECK_FALSE(big.is_packed());
  CHECK(big.size() == 129);
  SortedSet small;
  small.build(std::span(elements).first(128));
  CHECK(small.is_packed());
  CHECK(upwards(small) == Pairs([&] {
          Pairs pairs = upwards(big);
          pairs.pop_back();
          return pairs;
        }()));
}

TEST_CASE("sorted set: ranges of members") {
  for (const size_t entries : {size_t{100}, size_t{0}}) {
    const SortedSetSettings before = sorted_set_settings;
    sorted_set_settings.max_listpack_entries = entries;
    SortedSet set;
    for (const char* text : {"a", "b", "c", "d", "e"}) set.put(text, 0);
    using Kind = LexBound::Kind;
    const LexBound low{Kind::Lowest}, high{Kind::Highest};
    const auto at = [](std::string_view text, bool exclusive) {
      return LexBound{Kind::Text, text, exclusive};
    };
    CHECK(set.ranks_of(LexRange{low, high}).size() == 5);
    CHECK(set.ranks_of(LexRange{high, low}).empty());
    CHECK(set.ranks_of(LexRange{low, at("c", false)}).size() == 3);
    CHECK(set.ranks_of(LexRange{low, at("c", true)}).size() == 2);
    CHECK(set.ranks_of(LexRange{at("b", true), high}).begin == 2);
    CHECK(set.ranks_of(LexRange{at("bb", false), at("cc", false)}).size() == 1);
    CHECK(set.ranks_of(LexRange{at("d", false), at("b", false)}).empty());
    CHECK(set.ranks_of(LexRange{at("x", false), high}).empty());
    sorted_set_settings = before;
  }
}

TEST_CASE("sorted set: a scan sees what it held throughout") {
  SortedSet set;
  for (int i = 0; i < 1000; ++i) set.put(std::to_string(i), i);
  std::map<std::string, double> seen;
  SortedSet::ScanCursor cursor = 0;
  int grown = 1000;
  do {
    cursor = set.scan(cursor, [&](std::string_view text, double score) {
      seen.insert_or_assign(std::string(text), score);
    });
    for (int i = 0; i < 5; ++i, ++grown) set.put(std::to_string(grown), grown);
  } while (cursor != 0);
  for (int i = 0; i < 1000; ++i) REQUIRE(seen.at(std::to_string(i)) == i);
}

TEST_CASE("sorted set: bytes that are none are refused") {
  SortedSet set;
  for (int i = 0; i < 20; ++i) set.put("m" + std::to_string(i), i / 4.0);
  const std::string sound(set.packed_bytes());
  REQUIRE(SortedSet::from_packed(sound).has_value());
  CHECK(SortedSet::from_packed(sound)->packed_bytes() == sound);

  const auto refuses = [](std::initializer_list<const char*> texts) {
    Listpack pack;
    for (const char* text : texts) pack.append(std::string_view(text));
    return !SortedSet::from_packed(pack.bytes()).has_value();
  };
  CHECK(refuses({"a"}));
  CHECK(refuses({"a", "x"}));
  CHECK(refuses({"a", "nan"}));
  CHECK(refuses({"a", "2", "b", "1"}));
  CHECK(refuses({"b", "1", "a", "1"}));
  CHECK(refuses({"a", "1", "a", "1"}));
  CHECK_FALSE(refuses({"a", "-inf", "b", "1e3"}));

  util::Random random(9);
  for (int round = 0; round < 3000; ++round) {
    std::string bytes = sound;
    bytes[random.below(bytes.size())] = static_cast<char>(random.next());
    auto damaged = SortedSet::from_packed(bytes);
    if (!damaged) continue;
    REQUIRE(upwards(*damaged).size() == damaged->size());
    while (!damaged->empty()) damaged->remove(text_of(damaged->last()));
  }
}

}  // namespace types
