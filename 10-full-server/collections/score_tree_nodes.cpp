// SPDX-License-Identifier: MIT
#include "10-full-server/collections/score_tree_nodes.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <new>
#include <numeric>

#include "shared/util/memory.h"

namespace collections {

namespace {

template <class T>
void open_gap(T* column, size_t count, size_t at, size_t amount) {
  std::memmove(column + at + amount, column + at, (count - at) * sizeof(T));
}

template <class T>
void close_gap(T* column, size_t count, size_t at, size_t amount) {
  std::memmove(column + at, column + at + amount, (count - at - amount) * sizeof(T));
}

template <class T>
void copy_column(T* to, const T* from, size_t amount) {
  std::memcpy(to, from, amount * sizeof(T));
}

}  // namespace

// Size classes as jemalloc has them: steps of 16 bytes to 128, from there four steps per doubling.
size_t Leaf::capacity_for(size_t count) {
  const size_t wanted = bytes(count);
  const size_t step = std::max<size_t>(16, std::bit_ceil(wanted) / 8);
  const size_t size = (wanted + step - 1) / step * step;
  return std::min(kMax, (size - sizeof(Leaf)) / (bytes(1) - bytes(0)));
}

Leaf* Leaf::create(size_t capacity) {
  Leaf* leaf = new (memory::allocate(bytes(capacity))) Leaf();
  leaf->capacity = static_cast<uint16_t>(capacity);
  return leaf;
}

void Leaf::destroy(Leaf* leaf) noexcept { memory::release(leaf, bytes(leaf->capacity)); }

void Leaf::insert(size_t index, double score, ScoredMember* member) {
  assert(count < capacity);
  open_gap(scores(), count, index, 1);
  open_gap(members(), count, index, 1);
  scores()[index] = score;
  members()[index] = member;
  ++count;
}

void Leaf::remove(size_t index, size_t amount) {
  close_gap(scores(), count, index, amount);
  close_gap(members(), count, index, amount);
  count = static_cast<uint16_t>(count - amount);
}

void Leaf::copy_in(size_t at, const Leaf& from, size_t index, size_t amount) {
  assert(count + amount <= capacity);
  copy_column(scores() + at, from.scores() + index, amount);
  copy_column(members() + at, from.members() + index, amount);
  count = static_cast<uint16_t>(count + amount);
}

void Leaf::append(const Leaf& from, size_t index, size_t amount) {
  copy_in(count, from, index, amount);
}

void Leaf::prepend(const Leaf& from, size_t index, size_t amount) {
  open_gap(scores(), count, 0, amount);
  open_gap(members(), count, 0, amount);
  copy_in(0, from, index, amount);
}

Inner* Inner::create() { return new (memory::allocate(sizeof(Inner))) Inner; }

void Inner::destroy(Inner* inner) noexcept { memory::release(inner, sizeof(Inner)); }

void Inner::set_child(size_t i, const Child& child) {
  scores[i] = child.score;
  members[i] = child.member;
  children[i] = child.node;
  elements[i] = child.elements;
}

void Inner::insert(size_t index, const Child& child) {
  assert(count < kMax);
  open_gap(scores, count, index, 1);
  open_gap(members, count, index, 1);
  open_gap(children, count, index, 1);
  open_gap(elements, count, index, 1);
  set_child(index, child);
  ++count;
}

void Inner::remove(size_t index, size_t amount) {
  close_gap(scores, count, index, amount);
  close_gap(members, count, index, amount);
  close_gap(children, count, index, amount);
  close_gap(elements, count, index, amount);
  count = static_cast<uint16_t>(count - amount);
}

void Inner::copy_in(size_t at, const Inner& from, size_t index, size_t amount) {
  assert(count + amount <= kMax);
  copy_column(scores + at, from.scores + index, amount);
  copy_column(members + at, from.members + index, amount);
  copy_column(children + at, from.children + index, amount);
  copy_column(elements + at, from.elements + index, amount);
  count = static_cast<uint16_t>(count + amount);
}

void Inner::append(const Inner& from, size_t index, size_t amount) {
  copy_in(count, from, index, amount);
}

void Inner::prepend(const Inner& from, size_t index, size_t amount) {
  open_gap(scores, count, 0, amount);
  open_gap(members, count, 0, amount);
  open_gap(children, count, 0, amount);
  open_gap(elements, count, 0, amount);
  copy_in(0, from, index, amount);
}

size_t Inner::elements_before(size_t index) const {
  return std::accumulate(elements, elements + index, size_t{0});
}

size_t count_below(const double* scores, const MemberPointer* members, size_t count,
                   const OrderKey& key, bool equal_too) {
  const size_t lower = count_scores(scores, count, [&](double s) { return s < key.score; });
  if (lower == count || scores[lower] != key.score) return lower;
  const size_t ties =
      count_scores(scores + lower, count - lower, [&](double s) { return s <= key.score; });
  return lower + count_while(ties, [&](size_t i) {
           const int order = members[lower + i]->text().compare(key.text);
           return equal_too ? order <= 0 : order < 0;
         });
}

size_t index_of(const Leaf& leaf, const ScoredMember* member) {
  const double score = member->score();
  size_t at = count_scores(leaf.scores(), leaf.count, [=](double s) { return s < score; });
  while (leaf.members()[at] != member) ++at;
  assert(at < leaf.count);
  return at;
}

}  // namespace collections
