// SPDX-License-Identifier: MIT
//
// Sorted sets against std::map and std::set: every operation, and that tree and index agree.
#include "10-full-server/collections/sorted_set_table.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "shared/testing/catch.h"

namespace collections {

namespace {

using Added = SortedSetTable::Added;

struct Modelled {
  SortedSetTable table;
  std::map<std::string, double> scores;
  std::set<std::pair<double, std::string>> order;

  Added add(const std::string& text, double score) {
    const auto found = scores.find(text);
    Added expected = Added::New;
    if (found != scores.end()) {
      expected = found->second == score ? Added::Same : Added::Rescored;
      if (expected == Added::Rescored) order.erase({found->second, text});
    }
    if (expected != Added::Same) {
      scores[text] = score;
      order.insert({score, text});
    }
    const Added added = table.add(text, score);
    CHECK(added == expected);
    return added;
  }
  void forget(std::string_view text, double score) {
    REQUIRE(order.erase({score, std::string(text)}) == 1);
    REQUIRE(scores.erase(std::string(text)) == 1);
  }
  void check() const;
};

void Modelled::check() const {
  REQUIRE(table.find_fault() == "");
  REQUIRE(table.size() == scores.size());
  auto position = table.first();
  size_t rank = 0;
  for (const auto& [score, text] : order) {
    if (!position || position.text() != text || position.score() != score ||
        table.score_of(text) != score || table.rank_of(text) != rank)
      FAIL(text << " is wrong");
    position.next();
    ++rank;
  }
  CHECK(!position);
}

void random_step(Modelled& modelled, util::Random& random) {
  const std::string text = "member" + std::to_string(random.below(3000));
  const size_t size = modelled.table.size();
  switch (random.below(24)) {
    case 0:
    case 1:
    case 2: {
      const bool held = modelled.scores.contains(text);
      CHECK(modelled.table.remove(text) == held);
      if (held) modelled.forget(text, modelled.scores.at(text));
      break;
    }
    case 3:
      if (size == 0) break;
      {
        const auto taken =
            random.below(2) == 0 ? modelled.table.take_first() : modelled.table.take_last();
        modelled.forget(taken->text(), taken->score());
      }
      break;
    case 4: {
      if (random.below(60) != 0) break;
      const double min = static_cast<double>(random.below(500));
      const RankRange ranks = modelled.table.ranks_of(ScoreRange{min, min + 60});
      size_t removed = 0;
      modelled.table.remove(ranks, [&](const ScoredMember& member) {
        modelled.forget(member.text(), member.score());
        ++removed;
      });
      CHECK(removed == ranks.size());
      break;
    }
    default:
      modelled.add(text, static_cast<double>(random.below(500)));
  }
}

}  // namespace

TEST_CASE("sorted set: a model holds the same after every random history") {
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    util::Random random(seed);
    Modelled modelled;
    for (int round = 0; round < 5; ++round) {
      for (int i = 0; i < 4000; ++i) random_step(modelled, random);
      modelled.check();
    }
    const SortedSetTable copy = modelled.table.clone();
    CHECK(copy.find_fault() == "");
    CHECK(copy.size() == modelled.table.size());
    auto position = copy.first();
    for (const auto& [score, text] : modelled.order) {
      if (position.text() != text || position.score() != score) FAIL("the copy differs");
      position.next();
    }
    modelled.table.remove({0, modelled.table.size()}, [](const ScoredMember&) {});
    CHECK(modelled.table.empty());
    CHECK(modelled.table.find_fault() == "");
  }
}

TEST_CASE("sorted set: an empty one allocates nothing and answers everything") {
  const uint64_t before = memory::used();
  SortedSetTable table;
  CHECK(table.empty());
  CHECK(!table.score_of("a"));
  CHECK(!table.rank_of("a"));
  CHECK(!table.remove("a"));
  CHECK(!table.first());
  CHECK(!table.at(0));
  CHECK(table.ranks_of(ScoreRange{0, 1}).empty());
  table.remove({0, 0}, [](const ScoredMember&) {});
  CHECK(table.scan(0, [](const ScoredMember&) {}) == 0);
  CHECK(table.clone().empty());
  CHECK(table.memory_size() == 0);
  CHECK(memory::used() == before);
}

TEST_CASE("sorted set: minus zero is zero, and does not replace it") {
  SortedSetTable table;
  CHECK(table.add("b", 0.0) == Added::New);
  CHECK(table.add("a", -0.0) == Added::New);
  CHECK(table.add("b", -0.0) == Added::Same);
  CHECK(table.first().text() == "a");
  CHECK(table.ranks_of(ScoreRange{0.0, 0.0}).size() == 2);
}

TEST_CASE("sorted set: built at once, moved as a word, destroyed without a trace") {
  const uint64_t before = memory::used();
  {
    std::vector<std::string> texts;
    for (size_t i = 0; i < 5000; ++i) texts.push_back("t" + std::to_string(100'000 + i));
    std::vector<SortedSetTable::Element> elements;
    for (size_t i = 0; i < texts.size(); ++i)
      elements.push_back({texts[i], static_cast<double>(i / 10)});
    SortedSetTable table;
    table.build(elements);
    CHECK(table.find_fault() == "");
    const uintptr_t word = table.release();
    CHECK(table.empty());
    SortedSetTable adopted = SortedSetTable::adopt(word);
    CHECK(adopted.size() == 5000);
    CHECK(adopted.rank_of(texts[1234]) == 1234);
    CHECK(adopted.remove(adopted.at(77).text()));
    CHECK(adopted.find_fault() == "");
    CHECK(adopted.free_effort() > 5000);
  }
  CHECK(memory::used() == before);
}

TEST_CASE("sorted set: a scan visits what stays while it grows and shrinks") {
  util::Random random(4);
  Modelled modelled;
  for (int i = 0; i < 1000; ++i) modelled.add("stays" + std::to_string(i), 1);
  std::set<std::string> seen;
  Cursor cursor = 0;
  do {
    for (int i = 0; i < 100; ++i) random_step(modelled, random);
    cursor = modelled.table.scan(
        cursor, [&](const ScoredMember& member) { seen.insert(std::string(member.text())); });
  } while (cursor != 0);
  for (int i = 0; i < 1000; ++i) {
    const std::string text = "stays" + std::to_string(i);
    if (modelled.scores.contains(text) && !seen.contains(text)) FAIL(text << " was left out");
  }
}

}  // namespace collections
