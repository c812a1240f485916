// SPDX-License-Identifier: MIT
//
// Bytes made readable, and two byte strings laid under each other with a caret under the first
// difference. Pure functions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace transcript {

// Binary: something in it is neither printable, nor UTF-8, nor the end of a line or a tab.
enum class Form { Text, Binary };
Form form_of(std::string_view bytes);

// \r \n \t \\ \" and \xHH; everything printable stays, so the result is one line. In the binary form only ASCII stays: bytes
// that happen to be UTF-8 say nothing there.
std::string escaped(std::string_view bytes, Form form);
inline std::string escaped(std::string_view bytes) { return escaped(bytes, form_of(bytes)); }

// escaped(), with the middle left out when it is longer than `width` columns.
std::string clipped(std::string_view bytes, std::size_t width = 160);

// The inverse of escaped() for the text between double quotes; false on an unknown escape.
bool unescape(std::string_view text, std::string& bytes);

struct Comparison {
  std::string expected;
  std::string received;
  std::size_t caret;  // a column of `received`
  std::size_t byte;   // the first byte that differs
};

// Escapes both and shows the part around the first difference.
Comparison compare_bytes(std::string_view expected, std::string_view received);

// Columns of a terminal: bytes of UTF-8 that begin a character.
std::size_t columns(std::string_view text);

// "64K" → 65536; K, M, G are powers of 1024. Nothing for anything else.
std::optional<long long> parse_size(std::string_view text);

// Splits a command line at blanks; '…' and "…" hold blanks together.
std::vector<std::string> split_command_line(std::string_view text);

// True when the regular expression (ECMAScript) is found. Long texts are searched line by line:
// std::regex recurses once per character.
bool regex_found(std::string_view text, const std::string& regex);

// The whole file, or nothing if it can't be read.
std::optional<std::string> read_file(const std::string& path);

// At most `count` lines: the last ones, or the first ones of a sanitizer's report, when the log has one.
std::string last_lines(std::string_view text, std::size_t count);

}  // namespace transcript
