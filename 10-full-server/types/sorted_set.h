// SPDX-License-Identifier: MIT
//
// The sorted set type: a listpack while it is small, a tree with an index when it is big. It turns
// from one into the other by Redis' rules, so that OBJECT ENCODING answers the same, and never
// back:
//
//   handle, 8 bytes:   0       nothing yet                          "listpack"
//                      …0      Listpack: member, score, member, …   "listpack"
//                      …1      collections::SortedSetTable          "skiplist"
//
// In a listpack, pairs lie in order, and a score is written as Redis writes it: whole numbers as
// integers (so -0 becomes 0), others as their shortest text. Scores are never NaN. Moved byte by
// byte; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "10-full-server/collections/sorted_set_table.h"
#include "10-full-server/types/listpack.h"
#include "10-full-server/types/sorted_set_limits.h"
#include "shared/keyspace/type_descriptor.h"
#include "shared/util/function_ref.h"

namespace types {

using collections::LexBound;
using collections::LexRange;
using collections::RankRange;
using collections::ScoreRange;

enum class Direction : bool { Up, Down };  // lowest score first, or highest

// A member of a sorted set and its neighbours. Valid until the set changes.
class SortedSetCursor {
 public:
  SortedSetCursor() = default;  // none

  explicit operator bool() const { return at_ != nullptr || static_cast<bool>(position_); }
  // REQUIRES of all below: there is one.
  double score() const { return at_ == nullptr ? position_.score() : packed_score(); }
  PackedValue member() const {
    return at_ == nullptr ? PackedValue(position_.text()) : entry_value(at_);
  }
  // The member's text; a number is printed into `scratch`, which must outlive the result.
  std::string_view text(PackedValue::Scratch& scratch) const { return member().text(scratch); }
  void step(Direction direction) { direction == Direction::Up ? next() : previous(); }
  void next() { at_ == nullptr ? position_.next() : next_packed(); }
  void previous() { at_ == nullptr ? position_.previous() : previous_packed(); }

 private:
  friend class SortedSet;
  double packed_score() const;
  void next_packed();
  void previous_packed();

  const uint8_t* at_ = nullptr;  // the member's entry, in a listpack
  const uint8_t* begin_ = nullptr;
  const uint8_t* end_ = nullptr;
  collections::SortedSetTable::Position position_;
};

class SortedSet {
 public:
  static constexpr bool kDeleteWhenEmpty = true;
  static const keyspace::TypeDescriptor& descriptor();

  using Element = collections::SortedSetTable::Element;  // text, score
  using ScanCursor = uint64_t;

  // Where a member is, or that it is not there; what was found out by looking for it serves the
  // change that follows. Valid until the set changes.
  class Spot {
   public:
    explicit operator bool() const { return found_; }
    double score() const { return score_; }  // REQUIRES: found

   private:
    friend class SortedSet;
    bool found_ = false;
    double score_ = 0;
    Listpack::Position at_ = 0;  // in a listpack
    uint64_t hash_ = 0;          // in a table
    collections::ScoredMember* scored_ = nullptr;
  };

  SortedSet() = default;
  SortedSet(SortedSet&& other) noexcept : word_(std::exchange(other.word_, 0)) {}
  SortedSet& operator=(SortedSet&& other) noexcept {
    std::swap(word_, other.word_);
    return *this;
  }
  ~SortedSet();
  SortedSet clone() const;  // with the same shape

  bool empty() const { return size() == 0; }
  size_t size() const;
  bool is_packed() const { return (word_ & kTable) == 0; }
  std::string_view encoding_name() const { return is_packed() ? "listpack" : "skiplist"; }
  size_t memory_size() const;  // without the handle
  size_t free_effort() const;

  // Looking for members.
  Spot find(std::string_view member) const;
  std::optional<double> score_of(std::string_view member) const;
  struct Ranked {
    size_t rank;  // from 0, lowest score first
    double score;
  };
  std::optional<Ranked> rank_of(std::string_view member) const;

  // Changing them. Texts must lie outside the set; scores are numbers.
  // A command that is about to add so many members says so first: Redis decides by that number.
  // `first_member` counts only for a set that has no member yet.
  void prepare(size_t members, size_t first_member_length = 0);
  // REQUIRES: find(member) gave `spot`, and it is false.
  void insert(const Spot& spot, std::string_view member, double score);
  // REQUIRES: find(member) gave `spot`, and it is true. An equal score changes nothing.
  void rescore(const Spot& spot, std::string_view member, double score);
  // Both in one. True: it is new.
  bool put(std::string_view member, double score);
  bool remove(std::string_view member);
  // REQUIRES: the range lies within the set.
  void remove(const RankRange& ranks);

  // Fills an empty set and gives it the shape that such a content has. REQUIRES: empty(); in strict
  // order by score, then by text; no text twice; the texts lie elsewhere.
  void build(std::span<const Element> sorted);
  // The same in any order; sorts `elements`.
  void build_unsorted(std::span<Element> elements);
  // For those who fill a set whose size they do not know, or do not trust: begin with a table, and
  // let the content choose the shape at the end.
  void become_table();
  void settle();

  // Every range is one of ranks; walk from at(begin) with next(), or from at(end - 1) with
  // previous().
  RankRange ranks_of(const ScoreRange& range) const;
  RankRange ranks_of(const LexRange& range) const;
  SortedSetCursor at(size_t rank) const;  // none, if there is no such rank
  SortedSetCursor first() const { return at(0); }
  SortedSetCursor last() const { return at(size() - 1); }
  SortedSetCursor random(util::Random& random) const { return at(random.below(size())); }

  // Visits some members and returns the next cursor; begins and ends with 0. What is held all the
  // time is visited. REQUIRES: `visit` does not change the set.
  ScanCursor scan(ScanCursor cursor,
                  util::FunctionRef<void(std::string_view text, double score)> visit) const;

  // As Redis' files hold a small one. REQUIRES: is_packed(). Valid until the set changes.
  std::string_view packed_bytes() const;
  // The set of these bytes, of which nothing is known; none, unless they are a listpack of members
  // and scores in strict order. What is too long for a listpack becomes a table.
  static std::optional<SortedSet> from_packed(std::string_view bytes);

 private:
  static constexpr uintptr_t kTable = 1;
  // Call `use` with what the word stands for, and take it back.
  template <class Use>
  auto with_pack(Use&& use) const;
  template <class Use>
  auto with_table(Use&& use) const;
  void insert_packed(std::string_view member, double score);
  RankRange packed_ranks_of(const LexRange& range) const;

  uintptr_t word_ = 0;
};
static_assert(sizeof(SortedSet) == 8);

// The score that an entry of a listpack stands for; NaN, if it is no number.
double score_of_entry(PackedValue value);

template <class Use>
auto SortedSet::with_pack(Use&& use) const {
  struct Loan {
    explicit Loan(uintptr_t& owner) : word(owner), pack(Listpack::adopt(owner)) {}
    ~Loan() { word = pack.release(); }
    uintptr_t& word;
    Listpack pack;
  } loan(const_cast<SortedSet*>(this)->word_);
  return use(loan.pack);
}

template <class Use>
auto SortedSet::with_table(Use&& use) const {
  using Table = collections::SortedSetTable;
  struct Loan {
    explicit Loan(uintptr_t& owner) : word(owner), table(Table::adopt(owner - kTable)) {}
    ~Loan() { word = table.release() + kTable; }
    uintptr_t& word;
    Table table;
  } loan(const_cast<SortedSet*>(this)->word_);
  return use(loan.table);
}

}  // namespace types
