// SPDX-License-Identifier: MIT
// Finding one's way, and the changes themselves; score_tree_balance.cpp keeps the nodes in shape.
#include "10-full-server/collections/score_tree.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

namespace collections {

namespace {

// Whether the element at `a` comes before `b`. Texts are read only of equal scores.
bool before(const ScoreTree::Position& a, const OrderKey& b) {
  return a.score() != b.score ? a.score() < b.score : a.text() < b.text;
}

bool behind(const ScoreTree::Position& a, const OrderKey& b) {
  return a.score() != b.score ? a.score() > b.score : a.text() > b.text;
}

// The child to descend into, when `below` children begin before what is looked for.
size_t child_index(size_t below) { return below == 0 ? 0 : below - 1; }

}  // namespace

ScoreTree::~ScoreTree() {
  if (root_ != nullptr) free_below(root_, 0);
}

size_t ScoreTree::memory_size() const { return leaf_bytes_ + inner_count_ * sizeof(Inner); }

ScoreTree::Path ScoreTree::leaf_path_to(const OrderKey& key) const {
  Path path;
  void* node = root_;
  for (size_t level = 0; level < depth_; ++level) {
    auto* inner = static_cast<Inner*>(node);
    const size_t below = count_below(inner->scores, inner->members, inner->count, key, true);
    path.steps[level] = {inner, child_index(below)};
    node = inner->children[child_index(below)];
  }
  path.leaf = static_cast<Leaf*>(node);
  return path;
}

ScoreTree::Path ScoreTree::path_to(const OrderKey& key) const {
  Path path = leaf_path_to(key);
  path.index = count_below(path.leaf->scores(), path.leaf->members(), path.leaf->count, key, false);
  return path;
}

ScoreTree::Path ScoreTree::path_to(const ScoredMember* member) const {
  Path path = leaf_path_to(key_of(member));
  path.index = index_of(*path.leaf, member);
  return path;
}

// REQUIRES: rank < size().
ScoreTree::Path ScoreTree::path_to(size_t rank) const {
  Path path;
  void* node = root_;
  for (size_t level = 0; level < depth_; ++level) {
    auto* inner = static_cast<Inner*>(node);
    size_t index = 0;
    while (rank >= inner->elements[index]) rank -= inner->elements[index++];
    path.steps[level] = {inner, index};
    node = inner->children[index];
  }
  path.leaf = static_cast<Leaf*>(node);
  path.index = rank;
  return path;
}

// How many elements make `below(score, member)` true. REQUIRES: no true after a false.
template <class Below>
size_t ScoreTree::rank_where(Below&& below) const {
  if (root_ == nullptr) return 0;
  size_t rank = 0;
  const void* node = root_;
  for (size_t level = 0; level < depth_; ++level) {
    const auto* inner = static_cast<const Inner*>(node);
    const size_t begin_below = count_while(
        inner->count, [&](size_t i) { return below(inner->scores[i], inner->members[i]); });
    if (begin_below == 0) return rank;
    rank += inner->elements_before(begin_below - 1);
    node = inner->children[begin_below - 1];
  }
  const auto* leaf = static_cast<const Leaf*>(node);
  return rank + count_while(leaf->count,
                            [&](size_t i) { return below(leaf->scores()[i], leaf->members()[i]); });
}

RankRange ScoreTree::ranks_of(const ScoreRange& range) const {
  const auto rank_of_score = [this](double bound, bool behind) {
    return behind ? rank_where([=](double score, const void*) { return score <= bound; })
                  : rank_where([=](double score, const void*) { return score < bound; });
  };
  return {rank_of_score(range.min, range.min_exclusive),
          rank_of_score(range.max, !range.max_exclusive)};
}

size_t ScoreTree::rank_of_bound(const LexBound& bound, bool behind) const {
  if (bound.kind == LexBound::Kind::Lowest) return 0;
  if (bound.kind == LexBound::Kind::Highest) return size_;
  return rank_where([&](double, const ScoredMember* member) {
    const int order = member->text().compare(bound.text);
    return behind ? order <= 0 : order < 0;
  });
}

RankRange ScoreTree::ranks_of(const LexRange& range) const {
  return {rank_of_bound(range.min, range.min.exclusive),
          rank_of_bound(range.max, !range.max.exclusive)};
}

size_t ScoreTree::rank_of(const ScoredMember* member) const {
  const Path path = path_to(member);
  size_t rank = path.index;
  for (size_t level = 0; level < depth_; ++level) {
    rank += path.steps[level].node->elements_before(path.steps[level].index);
  }
  return rank;
}

ScoreTree::Position ScoreTree::at(size_t rank) const {
  if (rank >= size_) return {};
  const Path path = path_to(rank);
  return {path.leaf, path.index};
}

void ScoreTree::insert(ScoredMember* member) {
  assert(!std::isnan(member->score()));
  if (root_ == nullptr) {
    first_ = last_ = new_leaf(Leaf::capacity_for(1));
    root_ = first_;
  }
  Path path = path_to(key_of(member));
  if (path.leaf->count == Leaf::kMax) {
    split_leaf(path);
    path = path_to(key_of(member));
  }
  if (path.leaf->count == path.leaf->capacity) {
    resize_leaf(path, Leaf::capacity_for(path.leaf->count + 1u));
  }
  path.leaf->insert(path.index, member->score(), member);
  add_to_counts(path, 1);
  if (path.index == 0) refresh_firsts(path, depth_);
}

void ScoreTree::erase(ScoredMember* member) {
  Path path = path_to(member);
  remove_run(path, 1);
}

// Whether an element with this key might take the place of the path's element.
bool ScoreTree::keeps_order(const Path& path, const OrderKey& key) const {
  Position previous(path.leaf, path.index), next(path.leaf, path.index);
  previous.previous();
  next.next();
  return (!previous || before(previous, key)) && (!next || behind(next, key));
}

void ScoreTree::rescore(ScoredMember* member, double score) {
  assert(!std::isnan(score));
  Path path = path_to(member);
  if (keeps_order(path, {score, member->text()})) {
    member->score_ = score;
    path.leaf->scores()[path.index] = score;
    if (path.index == 0) refresh_firsts(path, depth_);
    return;
  }
  remove_run(path, 1);
  member->score_ = score;
  insert(member);
}

void ScoreTree::erase(const RankRange& ranks, util::FunctionRef<void(ScoredMember*)> erased) {
  assert(ranks.empty() || ranks.end <= size_);
  ScoredMember* run[Leaf::kMax];
  for (size_t left = ranks.size(); left > 0;) {
    Path path = path_to(ranks.begin);
    const size_t amount = std::min(left, path.leaf->count - path.index);
    std::copy_n(path.leaf->members() + path.index, amount, run);
    remove_run(path, amount);
    for (size_t i = 0; i < amount; ++i) erased(run[i]);
    left -= amount;
  }
}

// Leaves that fill the class of 1792 bytes, and inner nodes with a little room, level upon level.
void ScoreTree::build(std::span<ScoredMember* const> sorted) {
  assert(empty());
  if (sorted.empty()) return;
  constexpr size_t kLeafFill = 126, kInnerFill = 32;
  const auto parts = [](size_t all, size_t fill) { return (all + fill - 1) / fill; };
  std::vector<Child> level;
  for (size_t i = 0, count = parts(sorted.size(), kLeafFill), at = 0; i < count; ++i) {
    const size_t end = sorted.size() * (i + 1) / count;
    Leaf* leaf = new_leaf(Leaf::capacity_for(end - at));
    level.push_back({sorted[at]->score(), sorted[at], leaf, static_cast<uint32_t>(end - at)});
    for (; at < end; ++at) leaf->insert(leaf->count, sorted[at]->score(), sorted[at]);
    link_behind(last_, leaf);
  }
  for (; level.size() > 1; ++depth_) {
    std::vector<Child> above;
    for (size_t i = 0, count = parts(level.size(), kInnerFill), at = 0; i < count; ++i) {
      Inner* inner = new_inner();
      const size_t end = level.size() * (i + 1) / count;
      for (; at < end; ++at) inner->insert(inner->count, level[at]);
      above.push_back({inner->scores[0], inner->members[0], inner,
                       static_cast<uint32_t>(inner->elements_before(inner->count))});
    }
    level.swap(above);
  }
  root_ = level[0].node;
  size_ = sorted.size();
}

}  // namespace collections
