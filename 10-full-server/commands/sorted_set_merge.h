// SPDX-License-Identifier: MIT
//
// Union, intersection and difference of sorted sets and plain sets, as values: no protocol, and
// nothing is changed. Results are in order by score, then by text; their texts are borrowed from
// the inputs or from the arena.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "10-full-server/types/set.h"
#include "10-full-server/types/sorted_set.h"
#include "shared/keyspace/edit.h"
#include "shared/util/arena.h"

namespace full_server {

// One of the keys: a sorted set, a set whose members all have the score 1, or nothing.
class MergeInput {
 public:
  // Whether it is one of these. `entry` may be null.
  static bool accepts(const keyspace::Entry* entry);

  explicit MergeInput(const keyspace::Entry* entry) : entry_(entry) {}

  double weight = 1;
  size_t size() const;
  std::optional<double> score_of(std::string_view member) const;
  template <class Visit>  // bool(PackedValue member, double score): false ends it
  void for_each_while(Visit&& visit) const;

 private:
  bool is_set() const { return entry_ != nullptr && entry_->type() == keyspace::TypeId::Set; }
  keyspace::View<types::Set> members_view() const {
    return keyspace::View<types::Set>(const_cast<keyspace::Entry*>(entry_));
  }
  keyspace::View<types::SortedSet> scores_view() const {
    return keyspace::View<types::SortedSet>(const_cast<keyspace::Entry*>(entry_));
  }

  const keyspace::Entry* entry_;
};

// What becomes of scores that one member has in several inputs.
enum class Aggregate { Sum, Min, Max };

using MergeInputs = std::span<const MergeInput>;
using MergeResult = std::vector<types::SortedSet::Element>;

// REQUIRES of all: there is at least one input.
MergeResult merge_union(MergeInputs inputs, Aggregate aggregate, util::Arena& texts);
// Fastest when the smallest comes first, as do all below but the difference.
MergeResult merge_intersection(MergeInputs inputs, Aggregate aggregate, util::Arena& texts);
// What the first has, and none of the others.
MergeResult merge_difference(MergeInputs inputs, util::Arena& texts);
// Counts up to `most`.
size_t count_intersection(MergeInputs inputs, size_t most);

}  // namespace full_server
