// SPDX-License-Identifier: MIT
// ScoreTree::find_fault: the invariant, read off the nodes.
#include <cmath>

#include "10-full-server/collections/score_tree.h"

namespace collections {

// What was met on the way from the first leaf to the last.
struct ScoreTree::Checked {
  const Leaf* leaf = nullptr;
  const ScoredMember* member = nullptr;
  size_t elements = 0;
  size_t leaves = 0;
  size_t leaf_bytes = 0;
  size_t inners = 0;
};

std::string ScoreTree::fault_of_leaf(const Leaf& leaf, Checked& checked) const {
  if (leaf.count == 0 || leaf.count > leaf.capacity || leaf.capacity > Leaf::kMax)
    return "a leaf's count is wrong";
  if (&leaf != root_ && leaf.count < Leaf::kMin) return "a leaf has too few elements";
  if (leaf.capacity != Leaf::capacity_for(leaf.capacity)) return "a leaf does not fill its class";
  if (leaf.previous != checked.leaf) return "a leaf's link back is wrong";
  if ((checked.leaf == nullptr ? first_ : checked.leaf->next) != &leaf)
    return "a leaf's link onwards is wrong";
  for (size_t i = 0; i < leaf.count; ++i) {
    const ScoredMember* member = leaf.members()[i];
    if (std::isnan(member->score())) return "a score is not a number";
    if (leaf.scores()[i] != member->score()) return "two scores of one member";
    const ScoredMember* before = checked.member;
    if (before != nullptr &&
        !(before->score() < member->score() ||
          (before->score() == member->score() && before->text() < member->text())))
      return "elements out of order";
    checked.member = member;
  }
  checked.leaf = &leaf;
  checked.elements += leaf.count;
  checked.leaf_bytes += Leaf::bytes(leaf.capacity);
  ++checked.leaves;
  return {};
}

std::string ScoreTree::fault_of_child(const Inner& inner, size_t i, size_t level,
                                      Checked& checked) const {
  const Child first = first_of(inner.children[i], level + 1);
  if (first.member != inner.members[i] || first.score != inner.scores[i])
    return "a parent's copy of a first element is wrong";
  const size_t before = checked.elements;
  std::string fault = fault_below(inner.children[i], level + 1, checked);
  if (fault.empty() && checked.elements - before != inner.elements[i])
    return "a count of elements is wrong";
  return fault;
}

std::string ScoreTree::fault_below(const void* node, size_t level, Checked& checked) const {
  if (level == depth_) return fault_of_leaf(*static_cast<const Leaf*>(node), checked);
  const auto& inner = *static_cast<const Inner*>(node);
  ++checked.inners;
  if (inner.count > Inner::kMax || inner.count < (level == 0 ? 2 : Inner::kMin))
    return "an inner node's count is wrong";
  for (size_t i = 0; i < inner.count; ++i) {
    if (std::string fault = fault_of_child(inner, i, level, checked); !fault.empty()) return fault;
  }
  return {};
}

std::string ScoreTree::find_fault() const {
  Checked checked;
  if (root_ != nullptr) {
    if (std::string fault = fault_below(root_, 0, checked); !fault.empty()) return fault;
  }
  if (checked.elements != size_) return "the size is wrong";
  if (checked.leaf != last_ || (last_ != nullptr && last_->next != nullptr))
    return "the last leaf is wrong";
  if ((root_ == nullptr) != (first_ == nullptr)) return "the first leaf is wrong";
  if (checked.leaves != leaf_count_ || checked.inners != inner_count_ ||
      checked.leaf_bytes != leaf_bytes_)
    return "the count of nodes is wrong";
  return {};
}

}  // namespace collections
