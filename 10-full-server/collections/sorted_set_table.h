// SPDX-License-Identifier: MIT
//
// A big sorted set: a tree for the order, an index by text, and one allocation per member that both
// point to.
//
// A SortedSetTable is one pointer, null for the empty set that never had a member; moving its 8
// bytes moves the set (release() and adopt() do that for owners that pack them). Scores are never
// NaN. One thread; a set that nobody else holds may be destroyed by any.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "10-full-server/collections/member.h"
#include "10-full-server/collections/member_table.h"
#include "10-full-server/collections/score_tree.h"

namespace collections {

//   member   score 8, length 1, text 16: 25 bytes, size class      32
//   index    a bucket's slot of 8 bytes, at 6.5 to 8 in use        12.3
//   tree     score and pointer in a leaf, nodes above it           16      = 60 bytes a member
class SortedSetTable {
 public:
  using Position = ScoreTree::Position;
  enum class Added { New, Rescored, Same };
  struct Element {
    std::string_view text;
    double score;
  };

  SortedSetTable() = default;

  bool empty() const { return size() == 0; }
  size_t size() const { return body_ == nullptr ? 0 : body_->tree.size(); }

  // REQUIRES: `score` is a number; here and below.
  Added add(std::string_view member, double score);
  // The same in two steps, for those who decide by the old score: null if there is no such member.
  ScoredMember* find(std::string_view member) const { return find(hash_text(member), member); }
  // … and by its hash, so that it is hashed once. REQUIRES: hash == hash_text(member)
  ScoredMember* find(uint64_t hash, std::string_view member) const;
  // REQUIRES: there is no such member; as above.
  void insert(uint64_t hash, std::string_view member, double score);
  // Same: -0 and 0 are, too. REQUIRES: find() returned `member`, and it was not removed.
  Added rescore(ScoredMember* member, double score);
  // False: it was not there. `member` may be the set's own text.
  bool remove(std::string_view member);
  // REQUIRES: !empty().
  Taken<ScoredMember> take_first();
  Taken<ScoredMember> take_last();
  // Removes the members with these ranks; each is passed on, lowest first, before it is destroyed.
  // REQUIRES: the range lies within the set; `removed` does not touch the set.
  template <class Removed>  // void(const ScoredMember&)
  void remove(const RankRange& ranks, Removed&& removed) {
    if (!ranks.empty()) remove_ranks(ranks, removed);
  }
  // Fills an empty set at once. REQUIRES: empty(); in strict order by score, then by text; no text
  // twice.
  void build(std::span<const Element> sorted);

  std::optional<double> score_of(std::string_view member) const;
  // Counted from 0, lowest score first.
  std::optional<size_t> rank_of(std::string_view member) const;
  // REQUIRES: find() returned `member`, and it was not removed.
  size_t rank_of(const ScoredMember* member) const { return body_->tree.rank_of(member); }

  // Every range is one of ranks; walk from at(begin) with next(), or from at(end - 1) with
  // previous(). Positions are valid until the next change.
  RankRange ranks_of(const ScoreRange& range) const;
  RankRange ranks_of(const LexRange& range) const;
  Position at(size_t rank) const;  // the end, if there is no such rank
  Position first() const { return body_ == nullptr ? Position() : body_->tree.first(); }
  Position last() const { return body_ == nullptr ? Position() : body_->tree.last(); }

  // One step of a walk that begins and ends with 0; see MemberTable::scan.
  // REQUIRES: `visit` does not change the set.
  template <class Visit>  // void(const ScoredMember&)
  Cursor scan(Cursor cursor, Visit&& visit) const {
    return body_ == nullptr ? 0 : body_->index.scan(cursor, visit);
  }
  // Every member is equally likely. REQUIRES: !empty().
  Position random(util::Random& random) const { return at(random.below(size())); }

  SortedSetTable clone() const;
  size_t memory_size() const;  // bytes, without the 8 of the handle
  // Allocations that destroying it frees, nearly.
  size_t free_effort() const { return empty() ? 0 : size() + body_->tree.node_count(); }

  // The handle as a word, and back. Each word is adopted once.
  uintptr_t release() { return reinterpret_cast<uintptr_t>(body_.release()); }
  static SortedSetTable adopt(uintptr_t word);

  // What contradicts the structure, or "": each part, and that both hold the same. Reads
  // everything.
  std::string find_fault() const;

 private:
  struct Body {
    ScoreTree tree;
    MemberTable<ScoredMember> index;  // owns the members
  };

  Taken<ScoredMember> take(ScoredMember* member);
  void remove_ranks(const RankRange& ranks, util::FunctionRef<void(const ScoredMember&)> removed);

  std::unique_ptr<Body> body_;
};
static_assert(sizeof(SortedSetTable) == 8);

}  // namespace collections
