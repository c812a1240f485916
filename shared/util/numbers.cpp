// SPDX-License-Identifier: MIT
#include "shared/util/numbers.h"

#include <fmt/format.h>

#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "shared/util/grisu.h"
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

// strtod and strtold want a terminated text and skip leading space.
template <class Float, class Parse>
std::optional<Float> parse_float(std::string_view text, Parse parse) noexcept {
  if (text.empty() || std::isspace(static_cast<unsigned char>(text[0])) != 0) return std::nullopt;
  char buffer[64];
  std::string copy;
  const char* from = buffer;
  if (text.size() < sizeof buffer) {
    std::memcpy(buffer, text.data(), text.size());
    buffer[text.size()] = '\0';
  } else {
    from = copy.assign(text).c_str();
  }
  char* end = nullptr;
  errno = 0;
  const Float value = parse(from, &end);
  if (end != from + text.size() || std::isnan(value)) return std::nullopt;
  if (errno == ERANGE && (std::isinf(value) || value == 0)) return std::nullopt;
  return value;
}

}  // namespace

std::optional<double> parse_double(std::string_view text) noexcept {
  return parse_float<double>(text, std::strtod);
}

std::optional<long double> parse_long_double(std::string_view text) noexcept {
  constexpr size_t kMaxText = 5 * 1024;  // Redis: MAX_LONG_DOUBLE_CHARS
  if (text.size() >= kMaxText) return std::nullopt;
  return parse_float<long double>(text, std::strtold);
}

namespace {

// 0.digits × 10^point, to be laid out.
struct Digits {
  char text[DecimalDigits::kMax];
  int count = 0;
  int point = 0;
};

Digits shortest_digits(double magnitude) {
  const DecimalDigits decimal = grisu2(magnitude);
  Digits digits;
  std::memcpy(digits.text, decimal.digits, sizeof digits.text);
  digits.count = decimal.count;
  digits.point = decimal.exponent + decimal.count;
  return digits;
}

size_t put(char* out, std::string_view text) {
  std::memcpy(out, text.data(), text.size());
  return text.size();
}

size_t put_zeros(char* out, int count) {
  std::memset(out, '0', static_cast<size_t>(count));
  return static_cast<size_t>(count);
}

size_t put_scientific(char* out, const Digits& digits) {
  const std::string_view all(digits.text, static_cast<size_t>(digits.count));
  char* cursor = out;
  *cursor++ = all[0];
  if (all.size() > 1) {
    *cursor++ = '.';
    cursor += put(cursor, all.substr(1));
  }
  *cursor++ = 'e';
  *cursor++ = digits.point <= 0 ? '-' : '+';
  return static_cast<size_t>(cursor - out) + format_int64(std::abs(digits.point - 1), cursor);
}

// Redis 7.2 (fpconv): in full with at most six zeros before the digits or seven after them, or
// whenever the number lies between 0.001 and 10000; otherwise scientific.
size_t put_number(char* out, const Digits& digits) {
  const std::string_view all(digits.text, static_cast<size_t>(digits.count));
  const int behind =
      digits.count - digits.point;  // digits behind the decimal point; negative: zeros before it
  if (behind <= 0 && -behind <= 7) return put(out, all) + put_zeros(out + all.size(), -behind);
  const bool in_full = behind > 0 && (behind < 7 || std::abs(digits.point - 1) < 4);
  if (!in_full) return put_scientific(out, digits);
  if (digits.point <= 0) {
    const size_t start = put(out, "0.");
    const size_t zeros = put_zeros(out + start, -digits.point);
    return start + zeros + put(out + start + zeros, all);
  }
  const auto before = static_cast<size_t>(digits.point);
  put(out, all.substr(0, before));
  out[before] = '.';
  return before + 1 + put(out + before + 1, all.substr(before));
}

}  // namespace

size_t format_double(double value, char* out) noexcept {
  if (std::isnan(value)) return put(out, "nan");
  if (std::isinf(value)) return put(out, value < 0 ? "-inf" : "inf");
  if (value == 0) return put(out, std::signbit(value) ? "-0" : "0");
  constexpr double kExact =
      4611686018427387904.0;  // 2^62: Redis prints whole numbers up to here digit by digit
  if (std::abs(value) <= kExact && value == std::trunc(value))
    return format_int64(static_cast<int64_t>(value), out);
  return format_double_shortly(value, out);
}

size_t format_double_shortly(double value, char* out) noexcept {
  if (std::isnan(value) || std::isinf(value) || value == 0) return format_double(value, out);
  const size_t sign = value < 0 ? put(out, "-") : 0;
  return sign + put_number(out + sign, shortest_digits(std::abs(value)));
}

std::string format_long_double(long double value) {
  char
      digits[5 * 1024];  // printf, because fmt 9 prints more than 17 digits of the smallest numbers
  std::string text(digits,
                   static_cast<size_t>(std::snprintf(digits, sizeof digits, "%.17Lf", value)));
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text == "-0" ? "0" : text;
}

std::optional<uint64_t> parse_memory_size(std::string_view text) noexcept {
  const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0) return std::nullopt;
  const size_t zeros = std::min(text.find_first_not_of('0'), digits - 1);
  const std::optional<uint64_t> number = parse_uint64(text.substr(zeros, digits - zeros));
  if (!number) return std::nullopt;
  struct Unit {
    std::string_view name;
    uint64_t factor;
  };
  static constexpr Unit kUnits[] = {{"", 1},           {"b", 1},        {"k", 1000},
                                    {"kb", 1024},      {"m", 1000000},  {"mb", 1u << 20},
                                    {"g", 1000000000}, {"gb", 1u << 30}};
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
