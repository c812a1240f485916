// SPDX-License-Identifier: MIT
//
// The notation's grammar. The first character decides; elements are separated by blanks.
#include <cctype>
#include <regex>
#include <utility>

#include "shared/testing/transcript/pattern.h"

namespace transcript {
namespace {

constexpr std::string_view kStops = "]}";

void check_regex(const LineCursor& cursor, const std::string& expression) {
  try {
    const std::regex compiled(expression);
  } catch (const std::regex_error& error) {
    cursor.fail("/" + expression + "/ is not a regular expression: " + error.what());
  }
}

bool at_token_end(const LineCursor& cursor, std::size_t ahead) {
  const char c = cursor.peek(ahead);
  return c == '\0' || c == ' ' || c == '\t' || kStops.find(c) != std::string_view::npos;
}

bool accept_name(LineCursor& cursor, std::string_view name) {
  if (!cursor.rest().starts_with(name) || !at_token_end(cursor, name.size())) return false;
  cursor.advance(name.size());
  return true;
}

void parse_elements(LineCursor& cursor, Pattern& pattern, char close) {
  while (!cursor.accept(close)) {
    if (cursor.at_end()) cursor.fail(std::string("the reply lacks its closing ") + close);
    pattern.elements.push_back(parse_pattern(cursor, false));
  }
  if (pattern.kind == PatternKind::Map && pattern.elements.size() % 2 != 0) {
    cursor.fail("a map needs a value for every key");
  }
}

void parse_payload(LineCursor& cursor, Pattern& pattern) {
  if (cursor.peek() == '/') {
    pattern.regex = true;
    pattern.expression = cursor.take_regex();
    check_regex(cursor, pattern.expression);
  } else if (!at_token_end(cursor, 0)) {
    pattern.word = cursor.take_word(kStops);
  }
}

// 5, 1..5, 1.., ..5
void parse_number(LineCursor& cursor, Pattern& pattern) {
  if (!cursor.rest().starts_with("..")) {
    if (at_token_end(cursor, 0)) cursor.fail("a number is missing");
    // Stop before "..", but not at the point of 1.5.
    std::size_t length = 0;
    while (!at_token_end(cursor, length) && cursor.rest().substr(length, 2) != "..") ++length;
    LineCursor inner(cursor.rest().substr(0, length), cursor.line());
    pattern.word = inner.take_word();
    cursor.advance(length);
  }
  if (!cursor.rest().starts_with("..")) return;
  cursor.advance(2);
  pattern.range = true;
  if (!pattern.word.pieces.empty()) pattern.low = std::exchange(pattern.word, {});
  if (!at_token_end(cursor, 0)) pattern.high = cursor.take_word(kStops);
}

void parse_error(LineCursor& cursor, Pattern& pattern, bool top_level) {
  pattern.kind = PatternKind::Error;
  if (cursor.peek() == '/' || cursor.peek() == '"' || cursor.peek() == '\'' || !top_level) {
    parse_payload(cursor, pattern);
  } else {
    pattern.word = cursor.take_text();
  }
}

bool parse_word_pattern(LineCursor& cursor, Pattern& pattern) {
  if (accept_name(cursor, "..."))
    pattern.kind = PatternKind::Rest;
  else if (accept_name(cursor, "nil"))
    pattern.kind = PatternKind::Nil;
  else if (accept_name(cursor, "_"))
    pattern.kind = PatternKind::Null;
  else if (accept_name(cursor, "$-1"))
    pattern.kind = PatternKind::NullBulk;
  else if (accept_name(cursor, "*-1"))
    pattern.kind = PatternKind::NullArray;
  else if (accept_name(cursor, "*"))
    pattern.kind = PatternKind::Anything;
  else if (cursor.rest().starts_with("num:")) {
    cursor.advance(4);
    pattern.kind = PatternKind::Number;
    parse_number(cursor, pattern);
  } else {
    return false;
  }
  return true;
}

bool parse_aggregate(LineCursor& cursor, Pattern& pattern) {
  constexpr struct {
    std::string_view open;
    PatternKind kind;
    char close;
  } kForms[] = {{"[", PatternKind::Array, ']'},
                {"{", PatternKind::Unordered, '}'},
                {"%{", PatternKind::Map, '}'},
                {"~[", PatternKind::Set, ']'},
                {">[", PatternKind::Push, ']'}};
  for (const auto& form : kForms) {
    if (!cursor.rest().starts_with(form.open)) continue;
    cursor.advance(form.open.size());
    pattern.kind = form.kind;
    parse_elements(cursor, pattern, form.close);
    return true;
  }
  return false;
}

void parse_typed(LineCursor& cursor, Pattern& pattern, bool top_level) {
  const char type = cursor.peek();
  if (type == '"' || type == '\'' || (type == '$' && !at_token_end(cursor, 1))) {
    pattern.kind = PatternKind::Bulk;
    pattern.word = cursor.take_word(kStops);
    return;
  }
  if (type == '/') {
    pattern.kind = PatternKind::Text;
    parse_payload(cursor, pattern);
    return;
  }
  if (std::string_view("+-:,(=#?").find(type) == std::string_view::npos) {
    cursor.fail("no reply begins like '" + std::string(cursor.peek_token()) +
                "' (a bulk is quoted: \"text\"; see docs/transcripts.md)");
  }
  cursor.advance(1);
  switch (type) {
    case '+':
      pattern.kind = PatternKind::Simple;
      return parse_payload(cursor, pattern);
    case '-':
      return parse_error(cursor, pattern, top_level);
    case ':':
      pattern.kind = PatternKind::Integer;
      return parse_number(cursor, pattern);
    case ',':
      pattern.kind = PatternKind::Double;
      return parse_number(cursor, pattern);
    case '(':
      pattern.kind = PatternKind::BigNumber;
      return parse_payload(cursor, pattern);
    case '=':
      pattern.kind = PatternKind::Verbatim;
      return parse_payload(cursor, pattern);
    case '#':
      pattern.kind = PatternKind::Boolean;
      return parse_payload(cursor, pattern);
    default:
      pattern.kind = PatternKind::Capture;
      return parse_payload(cursor, pattern);
  }
}

}  // namespace

Pattern parse_pattern(LineCursor& cursor, bool top_level) {
  if (cursor.at_end()) cursor.fail("a reply is missing after <");
  const std::size_t start = cursor.position();
  Pattern pattern;
  if (!parse_word_pattern(cursor, pattern) && !parse_aggregate(cursor, pattern)) {
    parse_typed(cursor, pattern, top_level);
  }
  pattern.source = cursor.from(start);
  while (!pattern.source.empty() && pattern.source.back() == ' ') pattern.source.pop_back();
  return pattern;
}

}  // namespace transcript
