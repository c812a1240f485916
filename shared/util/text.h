// SPDX-License-Identifier: MIT
//
// Small operations on text that are the same everywhere: ASCII case, glob patterns, printable
// quoting, configuration words.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace util {

constexpr char to_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;
std::string lower(std::string_view text);
std::string upper(std::string_view text);

// Redis' glob: * ? [abc] [^a-z] and \ for a literal next character.
bool glob_match(std::string_view pattern, std::string_view text, bool ignore_case = false) noexcept;
bool has_glob_characters(std::string_view text) noexcept;

// Splits a line into words as redis-cli and redis.conf do: "double quotes" with \n \r \t \b \a \xHH
// \" escapes, 'single quotes' with \' only. Nothing when quotes are not closed or a closing quote
// touches the next word. A zero byte ends the line; \v and \f part words only before a word (Redis:
// sdssplitargs).
std::optional<std::vector<std::string>> split_words(std::string_view line);

// The text in double quotes with everything unprintable escaped; split_words() undoes it.
std::string quoted(std::string_view text);

}  // namespace util
