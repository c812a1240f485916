// SPDX-License-Identifier: MIT
//
// The set type: sorted integers, a listpack or a table, by Redis 7.2's rules, so that OBJECT ENCODING answers the same:
//
//   handle, 8 bytes:   …0    Listpack (0: nothing yet)   "listpack"     few and short members
//                      …01   IntSet                      "intset"       integers only
//                      …11   collections::SetTable       "hashtable"    all others
//
//   intset ──► listpack ──► hashtable      (or at once, where a listpack may not hold it)
//
// Adding may change the shape; removing never does. Moved byte by byte; one thread, and a set that nobody else holds may be
// destroyed by any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "10-full-server/collections/set_table.h"
#include "10-full-server/types/intset.h"
#include "10-full-server/types/listpack.h"
#include "shared/keyspace/type_descriptor.h"
#include "shared/util/function_ref.h"
#include "shared/util/random.h"

namespace types {

// What the server is configured to. Written and read by the thread that owns the keyspace.
struct SetSettings {
  uint64_t max_intset_entries = 512;
  uint64_t max_listpack_entries = 128;
  uint64_t max_listpack_value = 64;
};
inline SetSettings set_settings;

enum class SetEncoding : uint8_t { Listpack, IntSet, Table };

class Set {
 public:
  static constexpr bool kDeleteWhenEmpty = true;
  static const keyspace::TypeDescriptor& descriptor();

  Set() = default;  // an empty listpack
  Set(Set&& other) noexcept : word_(std::exchange(other.word_, 0)) {}
  Set& operator=(Set&& other) noexcept {
    std::swap(word_, other.word_);
    return *this;
  }
  ~Set();
  // An empty set that integers are added to best; its first other member makes it a listpack.
  static Set integers();
  static Set from(IntSet members);    // of the shape that their number asks for
  static Set from(Listpack members);  // … REQUIRES: none twice
  Set clone() const;                  // with the same shape

  bool empty() const { return size() == 0; }
  size_t size() const;
  SetEncoding encoding() const {
    return (word_ & kTagged) == 0       ? SetEncoding::Listpack
           : (word_ & kTags) == kIntSet ? SetEncoding::IntSet
                                        : SetEncoding::Table;
  }
  std::string_view encoding_name() const;
  size_t memory_size() const;             // bytes, without the handle
  size_t free_effort() const;             // allocations that destroying it frees, nearly
  std::string_view packed_bytes() const;  // as Redis' files hold them. REQUIRES: not a table

  // Chooses the shape for `count` members that are about to be added, the first of which is `first`.
  void prepare(std::string_view first, size_t count);
  // False: it was there. A text must lie outside the set.
  bool add(std::string_view member);
  bool add(PackedValue member);
  // False: it was not there. A member may be the set's own.
  bool remove(std::string_view member);
  bool remove(PackedValue member);
  bool contains(std::string_view member) const;
  bool contains(PackedValue member) const;
  void become_table();
  // Makes a set that holds nothing but integers an intset, unless they are too many.
  void settle_as_integers();

  // Every member is equally likely. Valid until the set changes. REQUIRES: !empty().
  PackedValue random(util::Random& random) const;

  // Visits `count` different members; every such choice is equally likely. REQUIRES: count <= size().
  void sample(size_t count, util::Random& random, util::FunctionRef<void(PackedValue)> visit) const;
  // The same, and removes them. REQUIRES: count < size().
  void take(size_t count, util::Random& random, util::FunctionRef<void(PackedValue)> visit);

  // `visit` does not change the set.
  template <class Visit>  // void(PackedValue)
  void for_each(Visit&& visit) const;
  template <class Visit>  // bool(PackedValue): false ends it
  void for_each_while(Visit&& visit) const;
  // One step of a walk that begins and ends with 0 (see MemberTable::scan). What is no table is visited in one step.
  template <class Visit>  // void(PackedValue)
  collections::Cursor scan(collections::Cursor cursor, Visit&& visit) const;

 private:
  static constexpr uintptr_t kTagged = 1, kTags = 3, kIntSet = 1, kTable = 3;

  // The body behind the handle, lent for reading, or for a change after which the handle may be another.
  template <class Body>
  class Lent {
   public:
    explicit Lent(const Set& set) : body_(Body::adopt(set.word_ & ~kTags)) {}
    Lent(const Lent&) = delete;
    ~Lent() { body_.release(); }
    const Body* operator->() const { return &body_; }
    const Body& operator*() const { return body_; }

   private:
    Body body_;
  };
  template <class Body>
  class Changing {
   public:
    explicit Changing(Set& set)
        : set_(set), tag_(set.word_ & kTags), body_(Body::adopt(set.word_ & ~kTags)) {}
    Changing(const Changing&) = delete;
    ~Changing() { set_.word_ = body_.release() | tag_; }
    Body* operator->() { return &body_; }

   private:
    Set& set_;
    uintptr_t tag_;
    Body body_;
  };
  using PackLent = Lent<Listpack>;
  using IntsLent = Lent<IntSet>;
  using TableLent = Lent<collections::SetTable>;

  bool add_to_listpack(std::string_view member);
  bool add_to_integers(std::string_view member);
  bool listpack_may_hold(std::string_view member) const;
  void become_listpack();
  void take_from_packed(size_t count, util::Random& random,
                        util::FunctionRef<void(PackedValue)> visit);
  void replace_body(uintptr_t word);

  uintptr_t word_ = 0;
};
static_assert(sizeof(Set) == 8);

template <class Visit>
void Set::for_each_while(Visit&& visit) const {
  if (encoding() == SetEncoding::IntSet) {
    const IntsLent ints(*this);
    for (size_t i = 0, count = ints->size(); i < count; ++i) {
      if (!visit(PackedValue(ints->at(i)))) return;
    }
  } else if (encoding() == SetEncoding::Listpack) {
    const PackLent pack(*this);
    for (Listpack::Position at = pack->begin(), end = pack->end(); at != end; at = pack->next(at)) {
      if (!visit(pack->value(at))) return;
    }
  } else {
    const TableLent table(*this);
    collections::Cursor cursor = 0;
    bool more = true;
    do {
      cursor = table->scan(cursor,
                           [&](std::string_view text) { more = more && visit(PackedValue(text)); });
    } while (more && cursor != 0);
  }
}

template <class Visit>
void Set::for_each(Visit&& visit) const {
  if (encoding() == SetEncoding::Table) {
    TableLent(*this)->for_each([&](std::string_view text) { visit(PackedValue(text)); });
  } else {
    for_each_while([&](PackedValue member) {
      visit(member);
      return true;
    });
  }
}

template <class Visit>
collections::Cursor Set::scan(collections::Cursor cursor, Visit&& visit) const {
  if (encoding() == SetEncoding::Table) {
    return TableLent(*this)->scan(cursor, [&](std::string_view text) { visit(PackedValue(text)); });
  }
  for_each(visit);
  return 0;
}

}  // namespace types
