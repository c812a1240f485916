// SPDX-License-Identifier: MIT
// glob_match: iterative, with one point to return to. Only the last `*` can need more characters,
// so a pattern of many stars costs pattern × text, never more.
#include <algorithm>

#include "shared/util/text.h"

namespace util {

namespace {

struct Class {
  bool matches;
  size_t length;  // characters of the pattern, with both brackets
};

// `pattern` begins behind the `[`. A class that is not closed ends with the pattern, as in Redis.
Class match_class(std::string_view pattern, char c, bool ignore_case) {
  const auto fold = [ignore_case](char x) { return ignore_case ? to_lower(x) : x; };
  size_t at = 0;
  const bool negated = !pattern.empty() && pattern[0] == '^';
  if (negated) ++at;
  bool found = false;
  for (;; ++at) {
    if (at >= pattern.size()) return {found != negated, at + 1};
    if (pattern[at] == '\\' && at + 1 < pattern.size()) {
      ++at;
      found |= pattern[at] == c;
    } else if (pattern[at] == ']') {
      return {found != negated, at + 2};
    } else if (at + 2 < pattern.size() && pattern[at + 1] == '-') {
      const auto [low, high] = std::minmax(pattern[at], pattern[at + 2]);
      found |=
          fold(c) >= fold(low) && fold(c) <= fold(high);  // ordered first, folded then, as in Redis
      at += 2;
    } else {
      found |= fold(pattern[at]) == fold(c);
    }
  }
}

// Characters of the pattern that match `c` at its start; 0 when they don't.
size_t match_one(std::string_view pattern, char c, bool ignore_case) {
  if (pattern.empty() || pattern[0] == '*') return 0;
  if (pattern[0] == '?') return 1;
  if (pattern[0] == '[') {
    const Class result = match_class(pattern.substr(1), c, ignore_case);
    return result.matches ? std::min(result.length, pattern.size()) : 0;
  }
  const size_t length = pattern[0] == '\\' && pattern.size() > 1 ? 2 : 1;
  const char wanted = pattern[length - 1];
  return (ignore_case ? to_lower(wanted) == to_lower(c) : wanted == c) ? length : 0;
}

// Runs of stars with something behind them: a pattern of more matches nothing. Redis, which recurses at
// each, gives up there, and what a pattern matches must not depend on the server that is asked.
constexpr int kMaxStars = 1000;

}  // namespace

bool glob_match(std::string_view pattern, std::string_view text, bool ignore_case) noexcept {
  if (text.empty()) return pattern.empty();  // as in Redis, where `*` stands for something
  size_t p = 0, t = 0;
  size_t star = 0, star_text = 0;  // behind the last run of stars, and where it was met
  int stars = 0;                   // runs of them
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      p = std::min(pattern.find_first_not_of('*', p), pattern.size());
      if (p == pattern.size()) return true;
      if (++stars > kMaxStars) return false;
      star = p;
      star_text = t;
    } else if (const size_t length = match_one(pattern.substr(p), text[t], ignore_case)) {
      p += length;
      ++t;
    } else if (stars > 0) {
      p = star;
      t = ++star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace util
