// SPDX-License-Identifier: MIT
// Keeping a ScoreTree's nodes in shape: leaves that grow, nodes that split, merge and share.
//
// A full node splits; one that falls below a quarter takes from a neighbour, or merges with it when
// both would fill three quarters at most. So between a split and a merge lie many changes, and a
// sequence of insertions and removals at one place is not slow.
#include <algorithm>
#include <cassert>

#include "10-full-server/collections/score_tree.h"

namespace collections {

namespace {

constexpr size_t kLeafMergeMax = Leaf::kMax * 3 / 4;
constexpr size_t kInnerMergeMax = Inner::kMax * 3 / 4;
// The left part of a split: 71 elements fill a class of 1024 bytes, 108 one of 1536.
constexpr size_t kLeafLeft = 71;
constexpr size_t kLeafLeftAtEnd = 108;

// The better place to split, seen from where the next element comes: who appends wants full nodes
// behind.
size_t left_of_split(const Leaf& leaf, size_t index) {
  if (leaf.next == nullptr && index == leaf.count) return kLeafLeftAtEnd;
  if (leaf.previous == nullptr && index == 0) return Leaf::kMax - kLeafLeftAtEnd;
  return kLeafLeft;
}

}  // namespace

Leaf* ScoreTree::new_leaf(size_t capacity) {
  ++leaf_count_;
  leaf_bytes_ += Leaf::bytes(capacity);
  return Leaf::create(capacity);
}

void ScoreTree::free_leaf(Leaf* leaf) {
  --leaf_count_;
  leaf_bytes_ -= Leaf::bytes(leaf->capacity);
  Leaf::destroy(leaf);
}

Inner* ScoreTree::new_inner() {
  ++inner_count_;
  return Inner::create();
}

void ScoreTree::free_inner(Inner* inner) {
  --inner_count_;
  Inner::destroy(inner);
}

void ScoreTree::free_below(void* node, size_t level) {
  if (level == depth_) return free_leaf(static_cast<Leaf*>(node));
  auto* inner = static_cast<Inner*>(node);
  for (size_t i = 0; i < inner->count; ++i) free_below(inner->children[i], level + 1);
  free_inner(inner);
}

// `leaf` is null for the very first.
void ScoreTree::link_behind(Leaf* leaf, Leaf* added) {
  added->previous = leaf;
  added->next = leaf == nullptr ? first_ : leaf->next;
  (added->previous == nullptr ? first_ : added->previous->next) = added;
  (added->next == nullptr ? last_ : added->next->previous) = added;
}

void ScoreTree::unlink(Leaf* leaf) {
  (leaf->previous == nullptr ? first_ : leaf->previous->next) = leaf->next;
  (leaf->next == nullptr ? last_ : leaf->next->previous) = leaf->previous;
}

void ScoreTree::set_child_node(const Path& path, size_t level, void* node) {
  if (level == 0) {
    root_ = node;
  } else {
    path.steps[level - 1].node->children[path.steps[level - 1].index] = node;
  }
}

void ScoreTree::resize_leaf(Path& path, size_t capacity) {
  Leaf* old = path.leaf;
  if (old->capacity == capacity) return;
  Leaf* moved = new_leaf(capacity);
  moved->append(*old, 0, old->count);
  link_behind(old, moved);
  unlink(old);
  free_leaf(old);
  set_child_node(path, depth_, moved);
  path.leaf = moved;
}

Child ScoreTree::first_of(void* node, size_t level) const {
  if (level < depth_) {
    const auto* inner = static_cast<const Inner*>(node);
    return {inner->scores[0], inner->members[0], node, 0};
  }
  const auto* leaf = static_cast<const Leaf*>(node);
  return {leaf->scores()[0], leaf->members()[0], node, 0};
}

void ScoreTree::refresh_firsts(const Path& path, size_t level) {
  while (level > 0) {
    const auto [inner, index] = path.steps[level - 1];
    const Child first = first_of(inner->children[index], level);
    inner->scores[index] = first.score;
    inner->members[index] = first.member;
    if (index != 0) return;
    --level;
  }
}

void ScoreTree::add_to_counts(const Path& path, int64_t difference) {
  for (size_t level = 0; level < depth_; ++level) {
    path.steps[level].node->elements[path.steps[level].index] += static_cast<uint32_t>(difference);
  }
  size_ += static_cast<size_t>(difference);
}

// The path is of no use afterwards.
void ScoreTree::split_leaf(const Path& path) {
  Path left = path;
  const size_t keep = left_of_split(*left.leaf, left.index);
  const size_t moved = left.leaf->count - keep;
  Leaf* right = new_leaf(Leaf::capacity_for(moved + 1));
  right->append(*left.leaf, keep, moved);
  left.leaf->remove(keep, moved);
  link_behind(left.leaf, right);
  resize_leaf(left, Leaf::capacity_for(keep));
  add_sibling(path, depth_,
              {right->scores()[0], right->members()[0], right, static_cast<uint32_t>(moved)});
}

// Tells the parent that the path's node at `level` gave its right part to a node of its own.
void ScoreTree::add_sibling(const Path& path, size_t level, const Child& right) {
  if (level == 0) {
    Child left = first_of(root_, 0);
    left.elements = static_cast<uint32_t>(size_) - right.elements;
    Inner* root = new_inner();
    root->insert(0, left);
    root->insert(1, right);
    root_ = root;
    ++depth_;
    assert(depth_ <= kMaxDepth);
    return;
  }
  const auto [parent, index] = path.steps[level - 1];
  parent->elements[index] -= right.elements;
  if (parent->count < Inner::kMax) return parent->insert(index + 1, right);
  const size_t keep = index + 1 == Inner::kMax ? kInnerMergeMax : Inner::kMax / 2;
  Inner* half = new_inner();
  half->append(*parent, keep, Inner::kMax - keep);
  parent->remove(keep, Inner::kMax - keep);
  if (index < keep) {
    parent->insert(index + 1, right);
  } else {
    half->insert(index + 1 - keep, right);
  }
  add_sibling(path, level - 1,
              {half->scores[0], half->members[0], half,
               static_cast<uint32_t>(half->elements_before(half->count))});
}

// Removes elements of one leaf, from the path's on. The path is of no use afterwards.
void ScoreTree::remove_run(Path& path, size_t amount) {
  Leaf* leaf = path.leaf;
  leaf->remove(path.index, amount);
  add_to_counts(path, -static_cast<int64_t>(amount));
  if (size_ == 0) {
    free_below(root_, 0);
    root_ = first_ = last_ = nullptr;
    depth_ = 0;
    return;
  }
  if (depth_ > 0 && leaf->count < Leaf::kMin) {
    rebalance_leaf(path);
    for (size_t level = depth_ - 1; level > 0; --level) {
      if (path.steps[level].node->count >= Inner::kMin) break;
      rebalance_inner(path, level);
    }
    while (depth_ > 0 && static_cast<Inner*>(root_)->count == 1) {
      auto* root = static_cast<Inner*>(root_);
      root_ = root->children[0];
      --depth_;
      free_inner(root);
    }
    return;
  }
  if (path.index == 0) refresh_firsts(path, depth_);
  if (leaf->capacity > Leaf::capacity_for(std::min<size_t>(Leaf::kMax, leaf->count * 5u / 4 + 2))) {
    resize_leaf(path, Leaf::capacity_for(leaf->count + 1u));
  }
}

// The path's leaf has few elements, or none: it and a neighbour become one leaf or two equal ones.
void ScoreTree::rebalance_leaf(Path& path) {
  auto& [parent, index] = path.steps[depth_ - 1];
  if (index > 0) --index;
  path.leaf = static_cast<Leaf*>(parent->children[index]);
  Path right_path = path;
  right_path.steps[depth_ - 1].index = index + 1;
  auto*& right = right_path.leaf = static_cast<Leaf*>(parent->children[index + 1]);
  auto*& left = path.leaf;
  const size_t total = size_t{left->count} + right->count;
  if (total <= kLeafMergeMax) {
    resize_leaf(path, Leaf::capacity_for(total));
    left->append(*right, 0, right->count);
    unlink(right);
    free_leaf(right);
    parent->remove(index + 1);
  } else if (left->count < total / 2) {
    const size_t moved = total / 2 - left->count;
    resize_leaf(path, Leaf::capacity_for(total / 2));
    left->append(*right, 0, moved);
    right->remove(0, moved);
  } else {
    const size_t moved = left->count - total / 2;
    resize_leaf(right_path, Leaf::capacity_for(right->count + moved));
    right->prepend(*left, total / 2, moved);
    left->remove(total / 2, moved);
  }
  parent->elements[index] = left->count;
  if (total > kLeafMergeMax) {
    parent->set_child(index + 1, {right->scores()[0], right->members()[0], right, right->count});
  }
  refresh_firsts(path, depth_);
}

// The same for the path's inner node at `level`, which is not the root.
void ScoreTree::rebalance_inner(const Path& path, size_t level) {
  Inner* parent = path.steps[level - 1].node;
  const size_t index = path.steps[level - 1].index - (path.steps[level - 1].index > 0 ? 1 : 0);
  auto* left = static_cast<Inner*>(parent->children[index]);
  auto* right = static_cast<Inner*>(parent->children[index + 1]);
  const size_t total = size_t{left->count} + right->count;
  if (total <= kInnerMergeMax) {
    left->append(*right, 0, right->count);
    parent->elements[index] += parent->elements[index + 1];
    parent->remove(index + 1);
    free_inner(right);
    return;
  }
  if (left->count < total / 2) {
    const size_t moved = total / 2 - left->count;
    left->append(*right, 0, moved);
    right->remove(0, moved);
  } else {
    const size_t moved = left->count - total / 2;
    right->prepend(*left, total / 2, moved);
    left->remove(total / 2, moved);
  }
  parent->elements[index] = static_cast<uint32_t>(left->elements_before(left->count));
  parent->set_child(index + 1, {right->scores[0], right->members[0], right,
                                static_cast<uint32_t>(right->elements_before(right->count))});
}

}  // namespace collections
