// SPDX-License-Identifier: MIT
//
// The reply notation: parsing it, matching a reply against it, and rendering both for a reader.
//
//   +OK   -ERR text   -/regex/   :5   :1..5   "bulk"   nil   ["a" :1]   {"b" "a"}   %{k v}   ~[…]
//   >[…] #t   ,1.5   (123   =txt:…   /regex/   num:1..5   ?name   *   ...
//
// Patterns are parsed once; variables are filled in when a reply is compared.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "shared/resp/reply_reader.h"
#include "shared/testing/transcript/word.h"

namespace transcript {

enum class PatternKind {
  Anything,
  Rest,
  Capture,
  Simple,
  Error,
  Integer,
  Bulk,
  Nil,
  NullBulk,
  NullArray,
  Null,
  Double,
  Boolean,
  BigNumber,
  Verbatim,
  Text,
  Number,
  Array,
  Unordered,
  Map,
  Set,
  Push,
};

struct Pattern {
  PatternKind kind = PatternKind::Anything;
  Word word;  // the exact payload, the format:payload of Verbatim, or the name of a capture
  bool regex = false;  // `word` is absent and `expression` is searched in the payload instead
  std::string expression;
  std::optional<Word> low;  // a range: either end may be open
  std::optional<Word> high;
  bool range = false;
  std::vector<Pattern> elements;
  std::string source;
};

// Reads one pattern. At the top level an error runs to the end of the line: -ERR value is not an
// integer.
Pattern parse_pattern(LineCursor& cursor, bool top_level);

struct Mismatch {
  std::string reason;
  std::size_t caret = 0;  // a column of render(reply)
};

// Captures are set in `environment` only when the whole reply matches.
std::optional<Mismatch> match(const Pattern& pattern, const resp::Reply& reply,
                              Environment& environment);

// The bytes this pattern stands for, when there is only one such reply.
std::optional<std::string> wire_form(const Pattern& pattern, Environment& environment);

// The reply in the notation of patterns, on one line. `offsets` gets the column where each node
// begins.
std::string render(const resp::Reply& reply);
std::string render(const resp::Reply& reply, std::map<const resp::Reply*, std::size_t>& offsets);

}  // namespace transcript
