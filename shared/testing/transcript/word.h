// SPDX-License-Identifier: MIT
//
// A word of a transcript before and after its variables are filled in: key:$n, "a\r\n",
// $bytes(64K), $frame[0..$n]. Words are parsed once; the environment of one scenario turns them
// into bytes.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace transcript {

struct Word;

struct Piece {
  enum class Kind { Literal, Variable, Call };
  Kind kind = Kind::Literal;
  std::string text;         // the bytes, or the name
  std::vector<Word> words;  // Call: arguments; Variable: the two ends of a slice, if any
};

struct Word {
  std::vector<Piece> pieces;
  std::string source;  // as written, for messages
};

// The variables of one scenario and the source of its seeded values.
class Environment {
 public:
  // `lookup` answers names that depend on the running servers ($PORT, $AOF, port(name)); it may
  // throw.
  using Lookup = std::function<std::optional<std::string>(const std::string& name,
                                                          const std::string& argument)>;

  Environment(std::uint64_t seed, Lookup lookup) : random_(seed), lookup_(std::move(lookup)) {}

  void set(const std::string& name, std::string value) { values_[name] = std::move(value); }

  [[nodiscard]] std::string expand(const Word& word);
  [[nodiscard]] long long integer(const Word& word);  // throws FailureError when it is none

 private:
  std::string expand(const Piece& piece);
  std::string call(const std::string& name, const std::vector<Word>& words);
  std::string variable(const std::string& name);

  std::map<std::string, std::string> values_;
  std::mt19937_64 random_;
  Lookup lookup_;
};

// Reads words and notation off one line, left to right. Every error is a SyntaxError of that line.
class LineCursor {
 public:
  LineCursor(std::string_view text, int line) : text_(text), line_(line) {}

  [[nodiscard]] int line() const { return line_; }
  void skip_blanks();
  // At the end, at a comment (# and a blank) or at an @mark.
  [[nodiscard]] bool at_end();
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  [[nodiscard]] char peek(std::size_t ahead) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  bool accept(char c);
  void advance(std::size_t n) { at_ += n; }
  [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }
  [[nodiscard]] std::size_t position() const { return at_; }
  [[nodiscard]] std::string_view from(std::size_t start) const {
    return text_.substr(start, at_ - start);
  }

  // The next blank-separated text without reading it.
  [[nodiscard]] std::string_view peek_token();
  std::string take_token();

  // A word ends at a blank or at one of `stops` outside quotes.
  Word take_word(std::string_view stops = {});
  // What stands between two slashes; \/ is a slash.
  std::string take_regex();
  // The rest of the line without comment and marks, $names filled in, no escapes.
  Word take_text();

  [[noreturn]] void fail(const std::string& what) const;

 private:
  void take_quoted(Word& word, char quote);
  void take_dollar(Word& word, std::string& literal);

  std::string_view text_;
  int line_;
  std::size_t at_ = 0;
};

}  // namespace transcript
