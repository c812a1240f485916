// SPDX-License-Identifier: MIT
//
// Escaping, clipping, comparing: everything that puts bytes in front of a reader.
#include "shared/testing/transcript/text.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <regex>
#include <utility>

namespace transcript {
namespace {

constexpr std::size_t kBefore = 60;  // bytes shown before the first difference
constexpr std::size_t kAfter = 60;
constexpr std::size_t kRegexBytes = 16 * 1024;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// A UTF-8 sequence of the right length is shown as it is; a stray byte of the upper half is not.
std::size_t utf8_length(std::string_view bytes) {
  const auto first = static_cast<unsigned char>(bytes.front());
  const std::size_t length = first >= 0xf0 && first < 0xf5 ? 4
                             : first >= 0xe0               ? 3
                             : first >= 0xc2               ? 2
                                                           : 0;
  if (length == 0 || first >= 0xf5 || bytes.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(bytes[i]) & 0xc0U) != 0x80U) return 0;
  }
  return length;
}

std::string excerpt(std::string_view bytes, std::size_t from, std::size_t to, Form form) {
  std::string out = from > 0 ? "…" : "";
  out += escaped(bytes.substr(from, to - from), form);
  if (to < bytes.size()) out += "… (" + std::to_string(bytes.size()) + " bytes)";
  return out;
}

}  // namespace

Form form_of(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (byte >= 0x80) {
      const std::size_t length = utf8_length(bytes.substr(i));
      if (length == 0) return Form::Binary;
      i += length - 1;
    } else if (byte == 0x7f || (byte < 0x20 && byte != '\r' && byte != '\n' && byte != '\t')) {
      return Form::Binary;
    }
  }
  return Form::Text;
}

std::string escaped(std::string_view bytes, Form form) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\r')
      out += "\\r";
    else if (c == '\n')
      out += "\\n";
    else if (c == '\t')
      out += "\\t";
    else if (c == '\\' || c == '"')
      out += {'\\', c};
    else if (byte >= 0x20 && byte < 0x7f)
      out += c;
    else if (const std::size_t length =
                 form == Form::Binary || byte < 0x80 ? 0 : utf8_length(bytes.substr(i));
             length != 0) {
      out += bytes.substr(i, length);
      i += length - 1;
    } else {
      out += "\\x";
      out += kHex[byte >> 4U];
      out += kHex[byte & 15U];
    }
  }
  return out;
}

std::string clipped(std::string_view bytes, std::size_t width) {
  if (bytes.size() <= width) {
    std::string whole = escaped(bytes);
    if (columns(whole) <= width + width / 4) return whole;
  }
  const Form form = form_of(bytes);
  const std::size_t half = std::min(bytes.size(), width) / 2;
  return escaped(bytes.substr(0, half), form) + "…" +
         escaped(bytes.substr(bytes.size() - half / 2), form) + " (" +
         std::to_string(bytes.size()) + " bytes)";
}

bool unescape(std::string_view text, std::string& bytes) {
  constexpr std::string_view kLetters = "rnt0ab\\\"'$";
  constexpr std::string_view kBytes("\r\n\t\0\a\b\\\"'$", 10);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      bytes += text[i];
      continue;
    }
    if (++i == text.size()) return false;
    if (const std::size_t at = kLetters.find(text[i]); at != std::string_view::npos) {
      bytes += kBytes[at];
      continue;
    }
    if (text[i] != 'x' || i + 2 >= text.size()) return false;
    const int high = hex_digit(text[i + 1]);
    const int low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) return false;
    bytes += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return true;
}

Comparison compare_bytes(std::string_view expected, std::string_view received) {
  const std::size_t common = std::min(expected.size(), received.size());
  std::size_t at = 0;
  while (at < common && expected[at] == received[at]) ++at;
  const std::size_t from = at > kBefore ? at - kBefore : 0;
  const bool text = form_of(expected) == Form::Text && form_of(received) == Form::Text;
  const Form form = text ? Form::Text : Form::Binary;  // one for both
  Comparison result;
  result.expected = excerpt(expected, std::min(from, expected.size()),
                            std::min(expected.size(), at + kAfter), form);
  result.received = excerpt(received, from, std::min(received.size(), at + kAfter), form);
  result.caret = columns(escaped(received.substr(from, at - from), form)) + (from > 0 ? 1 : 0);
  result.byte = at;
  return result;
}

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
  }));
}

std::optional<long long> parse_size(std::string_view text) {
  long long unit = 1;
  if (!text.empty()) {
    const char last = text.back();
    unit = last == 'K' ? 1LL << 10 : last == 'M' ? 1LL << 20 : last == 'G' ? 1LL << 30 : 1;
    if (unit != 1) text.remove_suffix(1);
  }
  long long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value * unit;
}

std::vector<std::string> split_command_line(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  char quote = 0;
  for (const char c : text) {
    if (quote != 0) {
      if (c == quote)
        quote = 0;
      else
        word += c;
    } else if (c == '"' || c == '\'') {
      quote = c;
      in_word = true;
    } else if (c == ' ' || c == '\t') {
      if (in_word) words.push_back(std::exchange(word, {}));
      in_word = false;
    } else {
      word += c;
      in_word = true;
    }
  }
  if (in_word) words.push_back(word);
  return words;
}

bool regex_found(std::string_view text, const std::string& regex) {
  const std::regex compiled(regex, std::regex::ECMAScript);
  if (text.size() <= kRegexBytes) return std::regex_search(text.begin(), text.end(), compiled);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, std::min(end, kRegexBytes));
    if (std::regex_search(line.begin(), line.end(), compiled)) return true;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
}

std::optional<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// Where a sanitizer's report begins in a log; npos without one.
static std::size_t report_start(std::string_view log) {
  const std::size_t error = log.find("ERROR: AddressSanitizer");
  const std::size_t found = error != std::string_view::npos ? error : log.find("runtime error: ");
  if (found == std::string_view::npos) return found;
  const std::size_t newline = log.rfind('\n', found);
  return newline == std::string_view::npos ? 0 : newline + 1;
}

std::string last_lines(std::string_view text, std::size_t count) {
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  if (const std::size_t start = report_start(text); start != std::string_view::npos) {
    // The first lines of a report have the error and its stack; what follows is shadow memory.
    std::size_t end = start;
    for (std::size_t i = 0; i < count && end != std::string_view::npos; ++i) end = text.find('\n', end + 1);
    text = text.substr(0, end);
  }
  std::size_t at = text.size();
  while (count > 0 && at > 0) {
    const std::size_t newline = text.rfind('\n', at - 1);
    --count;
    if (newline == std::string_view::npos) {
      at = 0;
      break;
    }
    at = newline;
  }
  if (at > 0) ++at;
  std::string out;
  for (const char c : text.substr(std::min(at, text.size()))) {
    if (c == '\n' || c == '\t' || static_cast<unsigned char>(c) >= 0x20) out += c;
  }
  return out;
}

}  // namespace transcript
