// SPDX-License-Identifier: MIT
//
// Numbers as Redis reads and prints them. Parsing is strict: the whole text is one number, no
// spaces, no leading zeros, no `+`; what is parsed prints back as the same text. (Redis: string2ll,
// string2ld, ld2string, d2string.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace util {

inline constexpr size_t kMaxInt64Digits = 20;  // "-9223372036854775808"
inline constexpr size_t kMaxDoubleText = 32;

// [-]digits within int64, canonical ("0" but neither "00" nor "-0").
std::optional<int64_t> parse_int64(std::string_view text) noexcept;

// As above for 0 … 2^64-1.
std::optional<uint64_t> parse_uint64(std::string_view text) noexcept;

// Writes at most kMaxInt64Digits characters; returns how many.
size_t format_int64(int64_t value, char* out) noexcept;
size_t format_uint64(uint64_t value, char* out) noexcept;

// Decimal, hexadecimal float or (+-)inf; neither NaN nor surrounding space. The whole text must be
// consumed.
std::optional<double> parse_double(std::string_view text) noexcept;
std::optional<long double> parse_long_double(std::string_view text) noexcept;

// A text that reads back as the same double, nearly always the shortest, with the digits (grisu.h)
// and in the layout of Redis 7.2: 17, 0.1, 1e+22, inf, -inf, nan. Writes at most kMaxDoubleText characters; returns how many.
size_t format_double(double value, char* out) noexcept;
// The same, but for whole numbers beyond 2^53: those get zeros where the shortest digits end.
size_t format_double_shortly(double value, char* out) noexcept;

// 17 digits after the point, trailing zeros removed: what INCRBYFLOAT stores and answers. `value`
// is finite.
std::string format_long_double(long double value);

// "1024", "1kb", "64mb", "2g", "1k" (k = 1000, kb = 1024), any case, in bytes; for configuration.
std::optional<uint64_t> parse_memory_size(std::string_view text) noexcept;

// 1073741824 -> "1.00G", as INFO prints sizes for people.
std::string human_bytes(uint64_t bytes);

}  // namespace util
