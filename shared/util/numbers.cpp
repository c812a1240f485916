// SPDX-License-Identifier: MIT
#include "shared/util/numbers.h"

#include <fmt/format.h>

#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "shared/util/text.h"

namespace util {

std::optional<uint64_t> parse_uint64(std::string_view text) noexcept {
  if (text.empty() || text.size() > kMaxInt64Digits) return std::nullopt;
  if (text[0] == '0') return text.size() == 1 ? std::optional<uint64_t>(0) : std::nullopt;
  uint64_t value = 0;
  for (const char c : text) {
    const auto digit = static_cast<unsigned>(c - '0');
    if (digit > 9) return std::nullopt;
    if (value > (std::numeric_limits<uint64_t>::max() - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
  }
  return value;
}

std::optional<int64_t> parse_int64(std::string_view text) noexcept {
  const bool negative = !text.empty() && text[0] == '-';
  const std::optional<uint64_t> magnitude = parse_uint64(negative ? text.substr(1) : text);
  if (!magnitude || (negative && *magnitude == 0)) return std::nullopt;
  constexpr uint64_t kMax = std::numeric_limits<int64_t>::max();
  if (*magnitude > kMax + (negative ? 1 : 0)) return std::nullopt;
  return static_cast<int64_t>(negative ? 0 - *magnitude : *magnitude);
}

size_t format_uint64(uint64_t value, char* out) noexcept {
  return static_cast<size_t>(std::to_chars(out, out + kMaxInt64Digits, value).ptr - out);
}

size_t format_int64(int64_t value, char* out) noexcept {
  return static_cast<size_t>(std::to_chars(out, out + kMaxInt64Digits, value).ptr - out);
}

namespace {

// strtod and strtold want a terminated text and skip leading space; numbers of more than 255 characters are refused, as
// in Redis.
template <class Float, class Parse>
std::optional<Float> parse_float(std::string_view text, Parse parse) noexcept {
  char buffer[256];
  if (text.empty() || text.size() >= sizeof buffer) return std::nullopt;
  if (std::isspace(static_cast<unsigned char>(text[0])) != 0) return std::nullopt;
  std::memcpy(buffer, text.data(), text.size());
  buffer[text.size()] = '\0';
  char* end = nullptr;
  errno = 0;
  const Float value = parse(buffer, &end);
  if (end != buffer + text.size() || std::isnan(value)) return std::nullopt;
  if (errno == ERANGE && (std::isinf(value) || value == 0)) return std::nullopt;
  return value;
}

}  // namespace

std::optional<double> parse_double(std::string_view text) noexcept {
  return parse_float<double>(text, std::strtod);
}

std::optional<long double> parse_long_double(std::string_view text) noexcept {
  return parse_float<long double>(text, std::strtold);
}

size_t format_double(double value, char* out) noexcept {
  if (std::isnan(value)) return static_cast<size_t>(std::strlen(std::strcpy(out, "nan")));
  if (std::isinf(value)) return std::strlen(std::strcpy(out, value < 0 ? "-inf" : "inf"));
  if (value == 0) return std::strlen(std::strcpy(out, std::signbit(value) ? "-0" : "0"));
  // The shortest digits, d[.ddd]e±x, laid out by hand: integers below 1e21 in full, small fractions down to 1e-7.
  char text[kMaxDoubleText];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr;
  char* cursor = out;
  const char* from = text;
  if (*from == '-') *cursor++ = *from++;
  char digits[20];
  int count = 0;
  for (; *from != 'e'; ++from) {
    if (*from != '.') digits[count++] = *from;
  }
  int exponent = 0;
  std::from_chars(from[1] == '+' ? from + 2 : from + 1, end, exponent);
  const int point = exponent + 1;  // digits before the decimal point
  if (count <= point && point <= 21) {
    std::memcpy(cursor, digits, static_cast<size_t>(count));
    std::memset(cursor + count, '0', static_cast<size_t>(point - count));
    return static_cast<size_t>(cursor + point - out);
  }
  if (point > 0 && point <= 21) {
    std::memcpy(cursor, digits, static_cast<size_t>(point));
    cursor[point] = '.';
    std::memcpy(cursor + point + 1, digits + point, static_cast<size_t>(count - point));
    return static_cast<size_t>(cursor + count + 1 - out);
  }
  if (point <= 0 && point > -6) {
    *cursor++ = '0';
    *cursor++ = '.';
    std::memset(cursor, '0', static_cast<size_t>(-point));
    cursor += -point;
    std::memcpy(cursor, digits, static_cast<size_t>(count));
    return static_cast<size_t>(cursor + count - out);
  }
  *cursor++ = digits[0];
  if (count > 1) {
    *cursor++ = '.';
    std::memcpy(cursor, digits + 1, static_cast<size_t>(count - 1));
    cursor += count - 1;
  }
  *cursor++ = 'e';
  *cursor++ = exponent < 0 ? '-' : '+';
  cursor += format_int64(std::abs(exponent), cursor);
  return static_cast<size_t>(cursor - out);
}

std::string format_long_double(long double value) {
  std::string text = fmt::format("{:.17f}", value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text == "-0" ? "0" : text;
}

std::optional<uint64_t> parse_memory_size(std::string_view text) noexcept {
  const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::optional<uint64_t> number = parse_uint64(text.substr(0, digits));
  if (!number) return std::nullopt;
  struct Unit {
    std::string_view name;
    uint64_t factor;
  };
  static constexpr Unit kUnits[] = {{"", 1},       {"b", 1},           {"k", 1000},        {"kb", 1024},
                                    {"m", 1000000}, {"mb", 1u << 20},   {"g", 1000000000}, {"gb", 1u << 30}};
  for (const Unit& unit : kUnits) {
    if (!equal_ignoring_case(text.substr(digits), unit.name)) continue;
    if (*number > std::numeric_limits<uint64_t>::max() / unit.factor) return std::nullopt;
    return *number * unit.factor;
  }
  return std::nullopt;
}

std::string human_bytes(uint64_t bytes) {
  static constexpr const char* kUnits[] = {"K", "M", "G", "T", "P"};
  if (bytes < 1024) return fmt::format("{}B", bytes);
  double value = static_cast<double>(bytes) / 1024;
  size_t unit = 0;
  while (value >= 1024 && unit + 1 < std::size(kUnits)) {
    value /= 1024;
    ++unit;
  }
  return fmt::format("{:.2f}{}", value, kUnits[unit]);
}

}  // namespace util
