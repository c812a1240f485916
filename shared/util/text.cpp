// SPDX-License-Identifier: MIT
#include "shared/util/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace util {

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return to_lower(x) == to_lower(y);
         });
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), to_lower);
  return result;
}

std::string upper(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(c < 128 ? std::toupper(c) : c); });
  return result;
}

bool has_glob_characters(std::string_view text) noexcept {
  return text.find_first_of("*?[") != std::string_view::npos;
}

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = to_lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// Reads one word from `line` at `at`; advances it. Nothing when the quoting is broken.
std::optional<std::string> read_word(std::string_view line, size_t& at) {
  std::string word;
  char quote = 0;
  for (; at < line.size(); ++at) {
    const char c = line[at];
    if (quote == 0) {
      if (c == ' ' || c == '\n' || c == '\r' || c == '\t') return word;
      if (c == '"' || c == '\'') {
        quote = c;
      } else {
        word += c;
      }
    } else if (quote == '"' && c == '\\' && at + 3 < line.size() && line[at + 1] == 'x' &&
               hex_digit(line[at + 2]) >= 0 && hex_digit(line[at + 3]) >= 0) {
      word += static_cast<char>(hex_digit(line[at + 2]) * 16 + hex_digit(line[at + 3]));
      at += 3;
    } else if (quote == '"' && c == '\\' && at + 1 < line.size()) {
      const char escaped = line[++at];
      static constexpr std::string_view kNames = "nrtba", kValues = "\n\r\t\b\a";
      const size_t found = kNames.find(escaped);
      word += found == std::string_view::npos ? escaped : kValues[found];
    } else if (quote == '\'' && c == '\\' && at + 1 < line.size() && line[at + 1] == '\'') {
      word += '\'';
      ++at;
    } else if (c == quote) {
      ++at;
      if (at < line.size() && std::isspace(static_cast<unsigned char>(line[at])) == 0)
        return std::nullopt;
      return word;
    } else {
      word += c;
    }
  }
  if (quote != 0) return std::nullopt;
  return word;
}

}  // namespace

std::optional<std::vector<std::string>> split_words(std::string_view line) {
  std::vector<std::string> words;
  line = line.substr(0, line.find('\0'));
  size_t at = 0;
  for (;;) {
    while (at < line.size() && std::isspace(static_cast<unsigned char>(line[at])) != 0) ++at;
    if (at >= line.size()) return words;
    std::optional<std::string> word = read_word(line, at);
    if (!word) return std::nullopt;
    words.push_back(std::move(*word));
  }
}

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    static constexpr std::string_view kValues = "\\\"\n\r\t\a\b", kNames = "\\\"nrtab";
    const size_t found = kValues.find(c);
    if (found != std::string_view::npos) {
      result += '\\';
      result += kNames[found];
    } else if (c >= 32 && c < 127) {
      result += c;
    } else {
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  result += '"';
  return result;
}

}  // namespace util
