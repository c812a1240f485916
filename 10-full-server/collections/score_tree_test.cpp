// SPDX-License-Identifier: MIT
//
// The tree against a sorted std::set with random histories of every kind: few scores and many,
// growth and decline, ends and middles.
#include "10-full-server/collections/score_tree.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "shared/testing/catch.h"
#include "shared/util/memory.h"
#include "shared/util/random.h"

namespace collections {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Order {
  bool operator()(const ScoredMember* a, const ScoredMember* b) const {
    return a->score() != b->score() ? a->score() < b->score() : a->text() < b->text();
  }
};

// A tree and what it should hold; owns the members.
class Modelled {
 public:
  ~Modelled() {
    for (const auto& [text, member] : by_text) ScoredMember::destroy(member);
  }
  void insert(const std::string& text, double score) {
    ScoredMember* member = ScoredMember::create(text, score);
    tree.insert(member);
    model.insert(member);
    by_text.emplace(text, member);
  }
  void erase(ScoredMember* member) {
    model.erase(member);
    tree.erase(member);
    forget(member);
  }
  void rescore(ScoredMember* member, double score) {
    model.erase(member);
    tree.rescore(member, score);
    model.insert(member);
  }
  void erase(const RankRange& ranks) {
    std::vector<ScoredMember*> expected(std::next(model.begin(), static_cast<long>(ranks.begin)),
                                        std::next(model.begin(), static_cast<long>(ranks.end)));
    std::vector<ScoredMember*> erased;
    for (ScoredMember* member : expected) model.erase(member);
    tree.erase(ranks, [&](ScoredMember* member) { erased.push_back(member); });
    REQUIRE(erased == expected);
    for (ScoredMember* member : erased) forget(member);
  }
  ScoredMember* random(util::Random& random) { return tree_at(random.below(tree.size())); }
  ScoredMember* tree_at(size_t rank) { return &tree.at(rank).member(); }
  void check() const;

  ScoreTree tree;
  std::set<ScoredMember*, Order> model;
  std::map<std::string, ScoredMember*> by_text;

 private:
  void forget(ScoredMember* member) {
    by_text.erase(std::string(member->text()));
    ScoredMember::destroy(member);
  }
};

void Modelled::check() const {
  REQUIRE(tree.find_fault() == "");
  REQUIRE(tree.size() == model.size());
  ScoreTree::Position position = tree.first();
  size_t rank = 0;
  for (ScoredMember* member : model) {
    REQUIRE(position);
    if (&position.member() != member || position.score() != member->score() ||
        tree.rank_of(member) != rank || &tree.at(rank).member() != member)
      FAIL("rank " << rank << " is wrong");
    position.next();
    ++rank;
  }
  CHECK(!position);
  CHECK(!tree.at(rank));
  position = tree.last();
  for (auto each = model.rbegin(); each != model.rend(); ++each, position.previous()) {
    if (!position || &position.member() != *each) FAIL("the way back is wrong");
  }
  CHECK(!position);
}

// One kind of scores for each kind of history.
double score_of_kind(util::Random& random, uint64_t kind) {
  switch (kind % 5) {
    case 0:
      return 0;
    case 1:
      return static_cast<double>(random.below(7)) - 3;
    case 2:
      return static_cast<double>(random.next()) / 3e9;
    case 3: {
      static const double kSpecial[] = {-kInfinity, kInfinity, 0.0, -0.0, 1e-310, -1e300, 1};
      return kSpecial[random.below(std::size(kSpecial))];
    }
    default:
      return static_cast<double>(random.below(100'000));
  }
}

void churn(Modelled& modelled, util::Random& random, uint64_t kind, int steps) {
  bool growing = true;
  for (int i = 0; i < steps; ++i) {
    if (random.below(static_cast<uint64_t>(steps) / 5 + 1) == 0) growing = !growing;
    const uint64_t dice = random.below(100);
    const size_t size = modelled.tree.size();
    if (size > 0 && dice < 25) {
      modelled.rescore(modelled.random(random), score_of_kind(random, kind));
    } else if (size > 0 && dice < 35) {  // a little: often without a move
      ScoredMember* member = modelled.random(random);
      if (std::isfinite(member->score())) modelled.rescore(member, member->score() + 1e-3);
    } else if (size > 0 && dice == 35) {
      const size_t begin = random.below(size);
      modelled.erase(
          RankRange{begin, begin + random.below(std::min<size_t>(size - begin, 400) + 1)});
    } else if (size > 0 && (growing ? dice < 45 : dice < 90)) {
      modelled.erase(modelled.random(random));
    } else {
      const std::string text = "m" + std::to_string(random.below(1'000'000'000));
      if (!modelled.by_text.contains(text)) modelled.insert(text, score_of_kind(random, kind));
    }
  }
}

std::string padded(size_t i) {
  std::string digits = std::to_string(i);
  return std::string(8 - digits.size(), '0') + digits;
}

}  // namespace

TEST_CASE("score tree: a model holds the same after every random history") {
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    util::Random random(seed);
    Modelled modelled;
    for (int round = 0; round < 8; ++round) {
      churn(modelled, random, seed, 3000);
      modelled.check();
    }
    while (!modelled.tree.empty()) {
      const size_t size = modelled.tree.size();
      modelled.erase(RankRange{size / 3, std::min(size, size / 3 + 1 + random.below(300))});
      REQUIRE(modelled.tree.find_fault() == "");
    }
    modelled.check();
    CHECK(modelled.tree.memory_size() == 0);
  }
}

TEST_CASE("score tree: the invariant holds after each single step") {
  util::Random random(99);
  Modelled modelled;
  for (int i = 0; i < 3000; ++i) {
    churn(modelled, random, 1, 1);
    if (const std::string fault = modelled.tree.find_fault(); !fault.empty())
      FAIL("step " << i << ": " << fault);
  }
}

TEST_CASE("score tree: three levels and more, filled and emptied from each end and the middle") {
  constexpr size_t kElements = 60'000;
  for (int way = 0; way < 5; ++way) {
    Modelled modelled;
    for (size_t i = 0; i < kElements; ++i) {
      const size_t at = way == 1 ? kElements - i : way == 2 ? i * 7919 % kElements : i;
      modelled.insert(padded(at), way == 3 ? 0 : static_cast<double>(at));
    }
    modelled.check();
    while (!modelled.tree.empty()) {
      const size_t size = modelled.tree.size();
      const size_t rank = way % 3 == 0 ? 0 : way % 3 == 1 ? size - 1 : size / 2;
      modelled.erase(modelled.tree_at(rank));
      if (size % 4096 == 0) REQUIRE(modelled.tree.find_fault() == "");
    }
    CHECK(modelled.tree.memory_size() == 0);
  }
}

TEST_CASE("score tree: ranges of scores are the ranks that the model counts") {
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    util::Random random(seed);
    Modelled modelled;
    churn(modelled, random, seed, 4000);
    for (int i = 0; i < 400; ++i) {
      ScoreRange range{score_of_kind(random, seed), score_of_kind(random, seed),
                       random.below(2) == 0, random.below(2) == 0};
      size_t below = 0, not_above = 0;
      for (const ScoredMember* member : modelled.model) {
        const double score = member->score();
        below += (range.min_exclusive ? score <= range.min : score < range.min) ? 1 : 0;
        not_above += (range.max_exclusive ? score < range.max : score <= range.max) ? 1 : 0;
      }
      const RankRange ranks = modelled.tree.ranks_of(range);
      CHECK(ranks.begin == below);
      CHECK(ranks.end == not_above);
    }
  }
}

TEST_CASE("score tree: ranges of members, among equal scores") {
  Modelled modelled;
  for (size_t i = 0; i < 3000; ++i) modelled.insert(padded(2 * i), 5);
  using Kind = LexBound::Kind;
  const LexBound lowest{Kind::Lowest}, highest{Kind::Highest};
  const auto ranks = [&](const LexBound& min, const LexBound& max) {
    const RankRange found = modelled.tree.ranks_of(LexRange{min, max});
    return std::pair(found.begin, found.end);
  };
  using Pair = std::pair<size_t, size_t>;
  CHECK(ranks(lowest, highest) == Pair(0, 3000));
  CHECK(modelled.tree.ranks_of(LexRange{highest, lowest}).empty());
  for (const size_t i :
       {size_t{0}, size_t{1}, size_t{71}, size_t{72}, size_t{1500}, size_t{2999}}) {
    const std::string there = padded(2 * i), behind = padded(2 * i + 1);
    CHECK(ranks({Kind::Text, there}, highest) == Pair(i, 3000));
    CHECK(ranks({Kind::Text, there, true}, highest) == Pair(i + 1, 3000));
    CHECK(ranks({Kind::Text, behind}, highest) == Pair(i + 1, 3000));
    CHECK(ranks({Kind::Text, behind, true}, highest) == Pair(i + 1, 3000));
    CHECK(ranks(lowest, {Kind::Text, there}) == Pair(0, i + 1));
    CHECK(ranks(lowest, {Kind::Text, there, true}) == Pair(0, i));
    CHECK(ranks(lowest, {Kind::Text, behind, true}) == Pair(0, i + 1));
  }
}

TEST_CASE("score tree: built at once it is a tree like any other") {
  for (const size_t count : {0, 1, 2, 125, 126, 127, 144, 145, 252, 4032, 4033, 20'000, 130'000}) {
    util::Random random(count);
    Modelled modelled;
    std::vector<ScoredMember*> sorted;
    for (size_t i = 0; i < count; ++i) {
      sorted.push_back(ScoredMember::create(padded(i), static_cast<double>(i / 3)));
      modelled.by_text.emplace(padded(i), sorted.back());
    }
    modelled.model.insert(sorted.begin(), sorted.end());
    modelled.tree.build(sorted);
    REQUIRE(modelled.tree.find_fault() == "");
    if (count < 25'000) modelled.check();
    churn(modelled, random, 4, 2000);
    REQUIRE(modelled.tree.find_fault() == "");
  }
}

TEST_CASE("score tree: texts are compared as bytes, not as signed characters") {
  Modelled modelled;
  for (const std::string& text : {std::string("\xff"), std::string("a"), std::string("a\0b", 3),
                                  std::string("\x7f"), std::string("")})
    modelled.insert(text, 0.0);
  modelled.rescore(modelled.by_text.at("\xff"), -0.0);
  modelled.check();
  CHECK(modelled.tree.first().text().empty());
  CHECK(modelled.tree.last().text() == "\xff");
}

TEST_CASE("score tree: the nodes' bytes are what it says, and 16.5 an element at most") {
  constexpr size_t kElements = 200'000;
  util::Random random(3);
  std::vector<ScoredMember*> members;
  for (size_t i = 0; i < kElements; ++i)
    members.push_back(ScoredMember::create(padded(i), static_cast<double>(random.below(1 << 30))));
  const uint64_t before = memory::used();
  {
    ScoreTree tree;
    for (ScoredMember* member : members) tree.insert(member);
    const uint64_t taken = memory::used() - before;
    CHECK(taken >= tree.memory_size());
    CHECK(taken <= tree.memory_size() * 102 / 100);
    CHECK(tree.memory_size() <= kElements * 33 / 2);
  }
  CHECK(memory::used() == before);
  for (ScoredMember* member : members) ScoredMember::destroy(member);
}

}  // namespace collections
