// SPDX-License-Identifier: MIT
//
// What a range of a sorted set is given by: scores, members, or ranks. Every range becomes ranks
// first (ScoreTree::ranks_of), since in a tree that counts that costs one descent for each end; so
// counting, limiting, reversing and erasing need to know ranks only. Plain values; texts are
// borrowed.
#pragma once

#include <cstddef>
#include <string_view>

namespace collections {

struct ScoreRange {
  double min;
  double max;
  bool min_exclusive = false;
  bool max_exclusive = false;
};

// One end of a range of members; Lowest and Highest are "-" and "+".
struct LexBound {
  enum class Kind { Lowest, Text, Highest };
  Kind kind;
  std::string_view text = {};
  bool exclusive = false;
};

// Has a meaning only where all scores are equal; else the result is some range.
struct LexRange {
  LexBound min;
  LexBound max;
};

// Ranks count from 0, lowest score first: begin <= rank < end.
struct RankRange {
  size_t begin = 0;
  size_t end = 0;

  bool empty() const { return begin >= end; }
  size_t size() const { return empty() ? 0 : end - begin; }
};

}  // namespace collections
