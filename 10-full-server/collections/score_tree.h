// SPDX-License-Identifier: MIT
//
// The order of a sorted set: a B+tree over members that somebody else owns (SortedSetTable's
// index), ordered by score, then by the bytes of the member. Scores lie in the nodes, beside the
// pointers; and each inner node knows how many elements lie below each child, so that ranks are
// found, and found out, in O(log n).
//
// Invariant (find_fault() checks it): the order is strict; a parent's copy of a child's first
// element, and its count, are right; nodes but the root are a quarter full at least; all leaves are
// at one depth. -0.0 and +0.0 are equal, NaN is nowhere. Up to 2^32 - 1 elements. Members are not
// owned. Positions are valid until the next change. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "10-full-server/collections/score_range.h"
#include "10-full-server/collections/score_tree_nodes.h"
#include "shared/util/function_ref.h"

namespace collections {

//            [ a 5 | m 4 ]              inner: first element and number of elements of each child
//           /             \            a rank is the sum of what lies left of the way down
//   [ a c f h k ] <-> [ m p s t ]       leaves: score and member*, linked both ways
//
// Against a skip list: a descent touches about 4 nodes for a million elements, where the list jumps
// some 20 times to a place that is not in the cache; and an element costs 16 bytes, where a node of
// the list takes 24 + 16 × 1.33 = 45.
class ScoreTree {
 public:
  // A place in the order, or the end (false). Goes to the neighbours in either direction.
  class Position {
   public:
    Position() = default;

    explicit operator bool() const { return leaf_ != nullptr; }
    double score() const { return leaf_->scores()[index_]; }
    ScoredMember& member() const { return *leaf_->members()[index_]; }
    std::string_view text() const { return member().text(); }

    // Behind the last and before the first is the end, from which nothing leads back.
    void next() {
      if (++index_ < leaf_->count) return;
      leaf_ = leaf_->next;
      index_ = 0;
    }
    void previous() {
      if (index_-- > 0) return;
      leaf_ = leaf_->previous;
      index_ = leaf_ == nullptr ? 0 : leaf_->count - 1u;
    }

   private:
    friend class ScoreTree;
    Position(const Leaf* leaf, size_t index) : leaf_(leaf), index_(index) {}
    const Leaf* leaf_ = nullptr;
    size_t index_ = 0;
  };

  ScoreTree() = default;
  ScoreTree(const ScoreTree&) = delete;
  ScoreTree& operator=(const ScoreTree&) = delete;
  ~ScoreTree();  // frees the nodes, not the members

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  size_t node_count() const { return leaf_count_ + inner_count_; }
  size_t memory_size() const;  // bytes of the nodes

  // REQUIRES: no equal element is in the tree.
  void insert(ScoredMember* member);
  // REQUIRES: the tree holds this very member.
  void erase(ScoredMember* member);
  // Changes the member's score, and its place if it must. REQUIRES: the tree holds this very
  // member; `score` is a number.
  void rescore(ScoredMember* member, double score);
  // Erases the elements with these ranks, lowest first; each is passed on when it is out of the
  // tree. REQUIRES: the range lies within the tree; `erased` does not touch the tree.
  void erase(const RankRange& ranks, util::FunctionRef<void(ScoredMember*)> erased);
  // Fills an empty tree. REQUIRES: empty(); `sorted` is in strict order.
  void build(std::span<ScoredMember* const> sorted);

  Position first() const { return {first_, 0}; }
  Position last() const { return {last_, last_ == nullptr ? 0 : last_->count - 1u}; }
  // The end if there is no such rank.
  Position at(size_t rank) const;
  // REQUIRES: the tree holds this very member.
  size_t rank_of(const ScoredMember* member) const;
  // The elements that lie in the range; where none does, a range that is empty.
  RankRange ranks_of(const ScoreRange& range) const;
  RankRange ranks_of(const LexRange& range) const;

  // What contradicts the invariant, or "". Reads everything.
  std::string find_fault() const;

 private:
  // A leaf of 2^32 elements' tree lies at most this deep: 2^32 / 36 / 9^9 < 1.
  static constexpr size_t kMaxDepth = 12;

  // The way from the root to an element: in each inner node, the child that was taken.
  struct Path {
    struct Step {
      Inner* node;
      size_t index;
    };
    Step steps[kMaxDepth];
    Leaf* leaf = nullptr;
    size_t index = 0;  // in the leaf
  };

  static OrderKey key_of(const ScoredMember* member) { return {member->score(), member->text()}; }
  Path path_to(const OrderKey& key) const;         // its place, whether it is there or not
  Path path_to(const ScoredMember* member) const;  // REQUIRES: the tree holds this very member
  Path path_to(size_t rank) const;
  Path leaf_path_to(const OrderKey& key) const;  // … without the index in the leaf
  template <class Below>
  size_t rank_where(Below&& below) const;
  size_t rank_of_bound(const LexBound& bound, bool behind) const;

  Leaf* new_leaf(size_t capacity);
  void free_leaf(Leaf* leaf);
  Inner* new_inner();
  void free_inner(Inner* inner);
  void free_below(void* node, size_t level);
  void link_behind(Leaf* leaf, Leaf* added);
  void unlink(Leaf* leaf);
  // The leaf of the path, moved to an allocation of this capacity.
  void resize_leaf(Path& path, size_t capacity);
  void set_child_node(const Path& path, size_t level, void* node);
  Child first_of(void* node, size_t level) const;
  // Copies the first elements upwards, from the child taken at `level` on, as far as they are seen.
  void refresh_firsts(const Path& path, size_t level);
  void add_to_counts(const Path& path, int64_t difference);

  void split_leaf(const Path& path);
  void add_sibling(const Path& path, size_t level, const Child& right);
  void remove_run(Path& path, size_t amount);
  void rebalance_leaf(Path& path);
  void rebalance_inner(const Path& path, size_t level);
  bool keeps_order(const Path& path, const OrderKey& key) const;

  struct Checked;
  std::string fault_below(const void* node, size_t level, Checked& checked) const;
  std::string fault_of_leaf(const Leaf& leaf, Checked& checked) const;
  std::string fault_of_child(const Inner& inner, size_t i, size_t level, Checked& checked) const;

  void* root_ = nullptr;  // a Leaf at depth 0, else an Inner
  size_t depth_ = 0;      // levels of inner nodes
  size_t size_ = 0;
  Leaf* first_ = nullptr;
  Leaf* last_ = nullptr;
  size_t leaf_count_ = 0;
  size_t inner_count_ = 0;
  size_t leaf_bytes_ = 0;
};

}  // namespace collections
