// SPDX-License-Identifier: MIT
//
// Parsing and expansion of words. A dollar followed by a letter or a brace is a variable; $5 and
// $-1 are bytes, so that frames can be written as they are.
#include "shared/testing/transcript/word.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "shared/testing/transcript/failure.h"
#include "shared/testing/transcript/text.h"

namespace transcript {
namespace {

constexpr long long kHugest = 1LL << 30;

bool name_start(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool name_char(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool blank(char c) { return c == ' ' || c == '\t'; }

void push_literal(Word& word, std::string& literal) {
  if (literal.empty()) return;
  word.pieces.push_back({Piece::Kind::Literal, std::exchange(literal, {}), {}});
}

}  // namespace

void LineCursor::fail(const std::string& what) const { throw SyntaxError(line_, what); }

void LineCursor::skip_blanks() {
  while (blank(peek())) ++at_;
}

bool LineCursor::at_end() {
  skip_blanks();
  if (at_ >= text_.size()) return true;
  if (peek() == '#' && (at_ == 0 || blank(text_[at_ - 1])) && (peek(1) == '\0' || blank(peek(1))))
    return true;
  return rest().starts_with("@since") || rest().starts_with("@differs");
}

bool LineCursor::accept(char c) {
  skip_blanks();
  if (peek() != c) return false;
  ++at_;
  return true;
}

std::string_view LineCursor::peek_token() {
  if (at_end()) return {};
  std::size_t end = at_;
  while (end < text_.size() && !blank(text_[end])) ++end;
  return text_.substr(at_, end - at_);
}

std::string LineCursor::take_token() {
  const std::string token(peek_token());
  at_ += token.size();
  return token;
}

Word LineCursor::take_word(std::string_view stops) {
  if (at_end()) fail("a word is missing at the end of the line");
  const std::size_t start = at_;
  Word word;
  std::string literal;
  while (at_ < text_.size() && !blank(peek()) && stops.find(peek()) == std::string_view::npos) {
    if (peek() == '"' || peek() == '\'') {
      push_literal(word, literal);
      take_quoted(word, peek());
    } else if (peek() == '$') {
      take_dollar(word, literal);
    } else {
      literal += text_[at_++];
    }
  }
  push_literal(word, literal);
  word.source = from(start);
  return word;
}

void LineCursor::take_quoted(Word& word, char quote) {
  ++at_;
  std::string literal;
  bool any = false;
  while (peek() != quote) {
    if (at_ >= text_.size()) fail(std::string("the quote ") + quote + " is never closed");
    if (quote == '"' && peek() == '\\') {
      const std::size_t length = peek(1) == 'x' ? 4 : 2;
      if (!unescape(text_.substr(at_, length), literal)) {
        fail("unknown escape " + std::string(text_.substr(at_, length)) +
             " (known: \\r \\n \\t \\0 \\\\ \\\" \\$ \\xHH)");
      }
      at_ += length;
    } else if (quote == '"' && peek() == '$') {
      take_dollar(word, literal);
    } else {
      literal += text_[at_++];
    }
    any = true;
  }
  ++at_;
  if (!any) word.pieces.push_back({Piece::Kind::Literal, "", {}});
  push_literal(word, literal);
}

void LineCursor::take_dollar(Word& word, std::string& literal) {
  const bool braces = peek(1) == '{';
  if (!braces && !name_start(peek(1))) {
    literal += text_[at_++];
    return;
  }
  push_literal(word, literal);
  at_ += braces ? 2 : 1;
  Piece piece{Piece::Kind::Variable, "", {}};
  while (name_char(peek())) piece.text += text_[at_++];
  if (braces) {
    if (peek() != '}' || piece.text.empty()) fail("${name} lacks its closing brace");
    ++at_;
  } else if (peek() == '(') {
    piece.kind = Piece::Kind::Call;
    ++at_;
    skip_blanks();
    while (peek() != ')') {
      piece.words.push_back(take_word(",)"));
      skip_blanks();
      if (peek() == ',')
        ++at_;
      else if (peek() != ')')
        fail("$" + piece.text + "(…) lacks its closing parenthesis");
      skip_blanks();
    }
    ++at_;
  } else if (peek() == '[') {
    ++at_;
    for (const char stop : {'.', ']'}) {
      piece.words.push_back(peek() == stop ? Word{} : take_word(std::string_view(&stop, 1)));
      if (stop == '.' && !rest().starts_with("..")) fail("a slice is written $name[from..to]");
      if (stop == ']' && peek() != ']') fail("a slice is written $name[from..to]");
      at_ += stop == '.' ? 2 : 1;
    }
  }
  word.pieces.push_back(std::move(piece));
}

std::string LineCursor::take_regex() {
  ++at_;
  std::string regex;
  while (peek() != '/') {
    if (at_ >= text_.size()) fail("the pattern /…/ is never closed");
    if (peek() == '\\' && peek(1) == '/')
      ++at_;
    else if (peek() == '\\')
      regex += text_[at_++];
    if (at_ < text_.size()) regex += text_[at_++];
  }
  ++at_;
  return regex;
}

Word LineCursor::take_text() {
  std::size_t end = text_.size();
  for (const std::string_view stop : {"  # ", " @since", " @differs"})
    end = std::min(end, text_.find(stop, at_));
  while (end > at_ && blank(text_[end - 1])) --end;
  LineCursor inner(text_.substr(at_, end - at_), line_);
  Word word;
  std::string literal;
  while (inner.at_ < inner.text_.size()) {
    if (inner.peek() == '$')
      inner.take_dollar(word, literal);
    else
      literal += inner.text_[inner.at_++];
  }
  push_literal(word, literal);
  word.source = std::string(text_.substr(at_, end - at_));
  at_ = end;
  return word;
}

std::string Environment::expand(const Word& word) {
  if (word.pieces.size() == 1) return expand(word.pieces.front());
  std::string out;
  for (const Piece& piece : word.pieces) out += expand(piece);
  return out;
}

long long Environment::integer(const Word& word) {
  const std::string text = expand(word);
  const std::optional<long long> value = parse_size(text);
  if (!value) fail("'" + clipped(text, 40) + "' (written " + word.source + ") is not an integer");
  return *value;
}

std::string Environment::expand(const Piece& piece) {
  if (piece.kind == Piece::Kind::Literal) return piece.text;
  if (piece.kind == Piece::Kind::Call) return call(piece.text, piece.words);
  std::string value = variable(piece.text);
  if (piece.words.empty()) return value;
  const auto size = static_cast<long long>(value.size());
  const auto end_of = [&](const Word& word, long long otherwise) {
    if (word.pieces.empty()) return otherwise;
    const long long at = integer(word);
    return std::clamp(at < 0 ? size + at : at, 0LL, size);
  };
  const long long from = end_of(piece.words[0], 0);
  const long long to = std::max(from, end_of(piece.words[1], size));
  return value.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from));
}

std::string Environment::variable(const std::string& name) {
  if (const auto found = values_.find(name); found != values_.end()) return found->second;
  if (std::optional<std::string> value = lookup_(name, "")) return *std::move(value);
  fail("$" + name + " has no value: write  let " + name + " = …  first");
}

std::string Environment::call(const std::string& name, const std::vector<Word>& words) {
  const auto count = [&]() {
    const long long n = words.empty() ? -1 : integer(words[0]);
    if (n < 0 || n > kHugest) fail("$" + name + "(n): n must lie in 0..1G");
    return static_cast<std::size_t>(n);
  };
  if (name == "bytes") {
    std::string out(count(), '\0');
    for (char& c : out) c = static_cast<char>(random_() & 0xffU);
    return out;
  }
  if (name == "text") {
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789";
    std::string out(count(), '\0');
    for (char& c : out) c = kLetters[random_() % kLetters.size()];
    return out;
  }
  if (name == "repeat" && words.size() == 2) {
    const std::string unit = expand(words[0]);
    const long long times = integer(words[1]);
    if (times < 0 || times * static_cast<long long>(unit.size()) > kHugest)
      fail("$repeat(text, n) is too long");
    std::string out;
    for (long long i = 0; i < times; ++i) out += unit;
    return out;
  }
  if (name == "int" && words.size() == 2) {
    const long long low = integer(words[0]);
    const long long high = integer(words[1]);
    if (high < low) fail("$int(low, high): low is above high");
    return std::to_string(
        low + static_cast<long long>(random_() % static_cast<std::uint64_t>(high - low + 1)));
  }
  if (std::optional<std::string> value = lookup_(name, words.empty() ? "" : expand(words[0])))
    return *value;
  fail("there is no $" + name + "(…) with " + std::to_string(words.size()) + " arguments");
}

}  // namespace transcript
