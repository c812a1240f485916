// SPDX-License-Identifier: MIT
//
// The two kinds of nodes of a ScoreTree, and the search within one. Columns lie apart, so that a
// search reads scores that lie side by side, and a member's text only among equal scores.
//
//   Leaf    | count, capacity | previous | next | score × capacity | member* × capacity |
//           24 + 16 × capacity bytes, always a whole size class of the allocator (four per doubling):
//           ... 1024 (62)  1280 (78)  1536 (94)  1792 (110)  2048 (126 = kMax)
//           A leaf is no bigger than its class must be, so that a half full one wastes nothing: on
//           average half a class step, 16 / (1 - 0.08) = 17.4 bytes an element.
//   Inner   | count | score × 36 | member* × 36 | child* × 36 | elements below, 4 bytes × 36 |
//           1016 bytes, class 1024. Score and member of a child are those of its first element.
//
// Nodes know nothing of their parents. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "10-full-server/collections/member.h"

namespace collections {

struct Leaf {
  static constexpr size_t kMax = 126;
  static constexpr size_t kMin = kMax / 4;  // but for a leaf that is the root

  uint16_t count = 0;
  uint16_t capacity = 0;
  Leaf* previous = nullptr;
  Leaf* next = nullptr;

  double* scores() { return reinterpret_cast<double*>(this + 1); }
  ScoredMember** members() { return reinterpret_cast<ScoredMember**>(scores() + capacity); }
  const double* scores() const { return reinterpret_cast<const double*>(this + 1); }
  ScoredMember* const* members() const {
    return reinterpret_cast<ScoredMember* const*>(scores() + capacity);
  }

  static size_t bytes(size_t capacity) {
    return sizeof(Leaf) + capacity * (sizeof(double) + sizeof(ScoredMember*));
  }
  // The smallest capacity that fills a size class and holds `count`, which is at most kMax.
  static size_t capacity_for(size_t count);

  static Leaf* create(size_t capacity);
  static void destroy(Leaf* leaf) noexcept;

  // REQUIRES: count < capacity.
  void insert(size_t index, double score, ScoredMember* member);
  void remove(size_t index, size_t amount);
  // Appends `amount` elements of `from`, from `index` on. REQUIRES: there is room.
  void append(const Leaf& from, size_t index, size_t amount);
  void prepend(const Leaf& from, size_t index, size_t amount);

 private:
  void copy_in(size_t at, const Leaf& from, size_t index, size_t amount);
};
static_assert(sizeof(Leaf) == 24);

// A child as its parent describes it.
struct Child {
  double score;
  ScoredMember* member;
  void* node;
  uint32_t elements;
};

struct Inner {
  static constexpr size_t kMax = 36;
  static constexpr size_t kMin = kMax / 4;  // but for the root, which has two at least

  uint16_t count = 0;
  double scores[kMax];
  ScoredMember* members[kMax];
  void* children[kMax];
  uint32_t elements[kMax];

  static Inner* create();
  static void destroy(Inner* inner) noexcept;

  Child child(size_t i) const { return {scores[i], members[i], children[i], elements[i]}; }
  void set_child(size_t i, const Child& child);
  // REQUIRES: count < kMax.
  void insert(size_t index, const Child& child);
  void remove(size_t index, size_t amount = 1);
  void append(const Inner& from, size_t index, size_t amount);
  void prepend(const Inner& from, size_t index, size_t amount);
  size_t elements_before(size_t index) const;

 private:
  void copy_in(size_t at, const Inner& from, size_t index, size_t amount);
};
static_assert(sizeof(Inner) <= 1024);

// How many of the first `count` indexes make `below` true. REQUIRES: no true after a false.
template <class Below>
size_t count_while(size_t count, Below&& below) {
  size_t first = 0;
  while (count > 0) {
    const size_t half = count / 2;
    const bool right = below(first + half);
    first = right ? first + half + 1 : first;
    count = right ? count - half - 1 : half;
  }
  return first;
}

// Where an element stands in the order: by score, then by the bytes of its member.
struct OrderKey {
  double score;
  std::string_view text;
};

// Of a node's columns: how many elements are below the key; or, with `equal_too`, not above it.
size_t count_below(const double* scores, ScoredMember* const* members, size_t count,
                   const OrderKey& key, bool equal_too);

}  // namespace collections
