// SPDX-License-Identifier: MIT
//
// The two kinds of nodes of a ScoreTree, and the search within one. Columns lie apart, so that a
// search reads scores that lie side by side, and a member's text only among equal scores. A member*
// takes the 6 bytes that an address has, as in a bucket's slot.
//
// Nodes know nothing of their parents, and own neither children nor members. One thread.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "10-full-server/collections/member.h"

namespace collections {

// A pointer to a member, in 6 bytes.
class MemberPointer {
 public:
  MemberPointer() = default;
  MemberPointer(ScoredMember* member) {  // NOLINT: converts both ways, it is a pointer
    const auto address = reinterpret_cast<uintptr_t>(member);
    std::memcpy(bytes_, &address, sizeof bytes_);
  }
  operator ScoredMember*() const {  // NOLINT
    uintptr_t address = 0;
    std::memcpy(&address, bytes_, sizeof bytes_);
    return reinterpret_cast<ScoredMember*>(address);
  }
  ScoredMember* operator->() const { return *this; }

 private:
  static_assert(std::endian::native == std::endian::little);
  unsigned char bytes_[6];
};

// | count, capacity | previous | next | score × capacity | member* × capacity |
//
// 24 + (8 + 6) × capacity bytes, always a size class of the allocator (four per doubling):
//   ... 1024 (71)  1280 (89)  1536 (108)  1792 (126)  2048 (144 = kMax)
// A leaf is no bigger than its class must be, so that a half full one wastes nothing: on average
// half a class step, 14 / (1 - 0.08) = 15.2 bytes an element.
struct Leaf {
  static constexpr size_t kMax = 144;
  static constexpr size_t kMin = kMax / 4;  // but for a leaf that is the root

  uint16_t count = 0;
  uint16_t capacity = 0;
  Leaf* previous = nullptr;
  Leaf* next = nullptr;

  double* scores() { return reinterpret_cast<double*>(this + 1); }
  MemberPointer* members() { return reinterpret_cast<MemberPointer*>(scores() + capacity); }
  const double* scores() const { return reinterpret_cast<const double*>(this + 1); }
  const MemberPointer* members() const {
    return reinterpret_cast<const MemberPointer*>(scores() + capacity);
  }

  static size_t bytes(size_t capacity) {
    return sizeof(Leaf) + capacity * (sizeof(double) + sizeof(MemberPointer));
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

// | count | score × 39 | child* × 39 | elements below × 39 | member* × 39 |: 1022 bytes, class 1024.
// Score and member of a child are those of its first element.
struct Inner {
  static constexpr size_t kMax = 39;
  static constexpr size_t kMin = kMax / 4;  // but for the root, which has two at least

  uint16_t count = 0;
  double scores[kMax];
  void* children[kMax];
  uint32_t elements[kMax];
  MemberPointer members[kMax];

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

// How many of a column's scores, which ascend, make `below` true. REQUIRES: no true after a false.
//
// The last of every eight first, then the eight where it turns: about 26 comparisons for the 144 of
// a full leaf, where halving takes 8. But none waits for another's load, and there is no branch to
// guess, where halving guesses wrong every other time.
template <class Below>
size_t count_scores(const double* scores, size_t count, Below&& below) {
  constexpr size_t kStep = 8;  // a cache line
  size_t begin = 0;
  for (size_t i = kStep - 1; i < count; i += kStep) begin += below(scores[i]) ? kStep : 0;
  const size_t end = begin + kStep < count ? begin + kStep : count;
  size_t found = begin;
  for (size_t i = begin; i < end; ++i) found += below(scores[i]) ? 1 : 0;
  return found;
}

// Of a node's columns: how many elements are below the key; or, with `equal_too`, not above it.
size_t count_below(const double* scores, const MemberPointer* members, size_t count,
                   const OrderKey& key, bool equal_too);
// Where this very member is among a leaf's elements. REQUIRES: it is there.
size_t index_of(const Leaf& leaf, const ScoredMember* member);

}  // namespace collections
