// SPDX-License-Identifier: MIT
//
// Numbers: what is refused, what is printed, and that one undoes the other. The tables of printed
// values were taken from Redis 7.2.6 (ZSCORE under RESP3, INCRBYFLOAT).
#include "shared/util/numbers.h"

#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>
#include <string>

#include "shared/testing/catch.h"
#include "shared/util/random.h"

namespace {

using Limits = std::numeric_limits<int64_t>;

std::string print(int64_t value) {
  char text[util::kMaxInt64Digits];
  return std::string(text, util::format_int64(value, text));
}

std::string print(uint64_t value) {
  char text[util::kMaxInt64Digits];
  return std::string(text, util::format_uint64(value, text));
}

std::string print(double value) {
  char text[util::kMaxDoubleText];
  return std::string(text, util::format_double(value, text));
}

double random_double(util::Random& random) {
  const uint64_t bits = random.next();
  switch (random.below(4)) {
    case 0: {
      double value = 0;
      std::memcpy(&value, &bits, sizeof value);
      return std::isnan(value) ? 0 : value;
    }
    case 1:
      return static_cast<double>(static_cast<int64_t>(bits));
    case 2:
      return static_cast<double>(bits % 1'000'000'000) /
             std::pow(10, static_cast<double>(random.below(14)));
    default:
      return std::ldexp(static_cast<double>(bits % 1000), static_cast<int>(random.below(200)) - 60);
  }
}

// A number with one to three of its characters damaged, or left alone.
std::string damaged(std::string text, util::Random& random) {
  static constexpr std::string_view kAlphabet("0123456789-+. e\0x", 17);
  for (uint64_t i = random.below(3); i > 0; --i) {
    const size_t at = random.below(text.size() + 1);
    const char byte = kAlphabet[random.below(kAlphabet.size())];
    if (at == text.size() || random.below(2) == 0) {
      text.insert(at, 1, byte);
    } else {
      text[at] = byte;
    }
  }
  return text;
}

}  // namespace

TEST_CASE("int64: canonical decimal within range, nothing else") {
  CHECK(util::parse_int64("0") == 0);
  CHECK(util::parse_int64("-1") == -1);
  CHECK(util::parse_int64("10") == 10);
  CHECK(util::parse_int64("9223372036854775807") == Limits::max());
  CHECK(util::parse_int64("-9223372036854775808") == Limits::min());
  for (const std::string_view refused : {"",
                                         "-",
                                         "--1",
                                         "+1",
                                         "-0",
                                         "00",
                                         "01",
                                         "-01",
                                         " 1",
                                         "1 ",
                                         "1.0",
                                         "1e3",
                                         "0x1",
                                         "a",
                                         "1a",
                                         "9223372036854775808",
                                         "-9223372036854775809",
                                         "18446744073709551616",
                                         "99999999999999999999",
                                         "100000000000000000000",
                                         "1\n",
                                         "/",
                                         ":"}) {
    CAPTURE(refused);
    CHECK_FALSE(util::parse_int64(refused));
  }
  CHECK_FALSE(util::parse_int64(std::string_view("1\0", 2)));
  CHECK_FALSE(util::parse_int64(std::string(1000, '1')));
}

TEST_CASE("uint64: up to 2^64-1") {
  CHECK(util::parse_uint64("18446744073709551615") == std::numeric_limits<uint64_t>::max());
  CHECK(util::parse_uint64("0") == 0);
  for (const std::string_view refused :
       {"", "-1", "+1", "00", "18446744073709551616", "18446744073709551620",
        "99999999999999999999", "184467440737095516150"}) {
    CAPTURE(refused);
    CHECK_FALSE(util::parse_uint64(refused));
  }
  CHECK(print(std::numeric_limits<uint64_t>::max()) == "18446744073709551615");
}

TEST_CASE("integers: printing and parsing undo each other") {
  util::Random random(1);
  for (int i = 0; i < 200'000; ++i) {
    const auto value = static_cast<int64_t>(random.next() >> random.below(64));
    const int64_t either = random.below(2) == 0 ? value : static_cast<int64_t>(0 - random.next());
    if (util::parse_int64(print(either)) != either) FAIL(print(either));
    const uint64_t bits = random.next();
    if (util::parse_uint64(print(bits)) != bits) FAIL(print(bits));
  }
}

TEST_CASE("integers: whatever parses prints as the same text") {
  util::Random random(2);
  int accepted = 0;
  for (int i = 0; i < 200'000; ++i) {
    const auto value = static_cast<int64_t>(random.next() >> random.below(64));
    const std::string text = damaged(print(value), random);
    const auto parsed = util::parse_int64(text);
    if (!parsed) continue;
    ++accepted;
    if (print(*parsed) != text) FAIL(text);
  }
  CHECK(accepted > 50'000);
}

TEST_CASE("double: what Redis takes for a float") {
  CHECK(util::parse_double("1") == 1.0);
  CHECK(util::parse_double("+1.5") == 1.5);
  CHECK(util::parse_double("-.5") == -0.5);
  CHECK(util::parse_double("5.") == 5.0);
  CHECK(util::parse_double("1e3") == 1000.0);
  CHECK(util::parse_double("0x10") == 16.0);
  CHECK(util::parse_double("inf") == HUGE_VAL);
  CHECK(util::parse_double("-Infinity") == -HUGE_VAL);
  CHECK(util::parse_double("5e-324") == 5e-324);
  CHECK(std::signbit(*util::parse_double("-0")));
  CHECK(util::parse_double("0." + std::string(500, '0') + "1e501") == 1.0);
  for (const std::string_view refused :
       {"", " 1", "1 ", "\t1", "1\n", "nan", "NaN(1)", "-nan", "1e400", "-1e400", "1e-400", "1,5",
        "one", "1e", "0x", "--1", "1.2.3"}) {
    CAPTURE(refused);
    CHECK_FALSE(util::parse_double(refused));
    if (refused.find("e400") == refused.npos && refused != "1e-400") {
      CHECK_FALSE(util::parse_long_double(refused));
    }
  }
  CHECK_FALSE(util::parse_double(std::string_view("1\0", 2)));
}

TEST_CASE("long double: wider range, bounded text") {
  CHECK(util::parse_long_double("3.5") == 3.5L);
  CHECK_FALSE(util::parse_long_double("1e5000"));
  CHECK(util::parse_long_double(std::string(4900, '0') + "1") == 1.0L);
  CHECK_FALSE(util::parse_long_double(std::string(5119, '0') + "1"));
}

TEST_CASE("format_double: the layout of Redis 7.2") {
  struct Case {
    double value;
    std::string_view text;
  };
  static constexpr Case kCases[] = {
      {17, "17"},
      {0.1, "0.1"},
      {-0.5, "-0.5"},
      {0.3, "0.3"},
      {3.0000000000000004, "3.0000000000000004"},
      {100, "100"},
      {123.45, "123.45"},
      {99999.5, "99999.5"},
      {1234.5678912345, "1234.5678912345"},
      {12345.678912345, "1.2345678912345e+4"},
      {123456789.123456, "123456789.123456"},
      {0.1234567, "0.1234567"},
      {0.01234567, "0.01234567"},
      {0.00123456, "0.00123456"},
      {0.000123456789, "1.23456789e-4"},
      {1e-6, "0.000001"},
      {1e-7, "1e-7"},
      {1.5e-7, "1.5e-7"},
      {-2.5e-10, "-2.5e-10"},
      {1e10, "10000000000"},
      {1e17, "100000000000000000"},
      {1152921504606846976, "1152921504606846976"},
      {4611686018427387904, "4611686018427387904"},
      {9223372036854775807.0, "9223372036854776000"},
      {12345678901234567890.0, "12345678901234567000"},
      {4611686018427387905e3, "4611686018427388000000"},
      {1e20, "1e+20"},
      {1e21, "1e+21"},
      {1e22, "1e+22"},
      // Where Redis' digits are not the fewest, or not the closest.
      {1e23, "99999999999999990000000"},
      {2e23, "199999999999999980000000"},
      {-5.882365926775734, "-5.8823659267757344"},
      {3.3183926321760564e-8, "3.3183926321760563e-8"},
      {1.7976931348623157e308, "1.7976931348623157e+308"},
      {5e-324, "5e-324"},
      {0.0, "0"},
      {-0.0, "-0"},
      {HUGE_VAL, "inf"},
      {-HUGE_VAL, "-inf"},
  };
  for (const Case& each : kCases) CHECK(print(each.value) == each.text);
  CHECK(print(std::nan("")) == "nan");
  CHECK(print(-std::nan("")) == "nan");
}

TEST_CASE("format_double: reads back as the same double") {
  util::Random random(3);
  for (int i = 0; i < 200'000; ++i) {
    const double value = random_double(random) * (random.below(2) == 0 ? 1 : -1);
    const std::string text = print(value);
    const auto back = util::parse_double(text);
    if (!back || *back != value || text.size() > util::kMaxDoubleText) FAIL(text);
  }
}

TEST_CASE("format_long_double: what INCRBYFLOAT answers") {
  CHECK(util::format_long_double(1e-17L) == "0.00000000000000001");
  CHECK(util::format_long_double(0.1L) == "0.1");
  CHECK(util::format_long_double(3.0e3L) == "3000");
  CHECK(util::format_long_double(1e17L) == "100000000000000000");
  CHECK(util::format_long_double(-1e-30L) == "0");
  CHECK(util::format_long_double(5e-324L) == "0");
  CHECK(util::format_long_double(-0.0L) == "0");
  CHECK(util::format_long_double(10.5L) == "10.5");
  CHECK(util::format_long_double(0.1L + 0.2L) == "0.3");
  CHECK(util::format_long_double(-5.0e3L) == "-5000");
}

TEST_CASE("format_long_double: digits are those of printf") {
  util::Random random(4);
  for (int i = 0; i < 20'000; ++i) {
    const long double value =
        static_cast<long double>(random_double(random)) / (1 + random.below(100));
    if (std::isinf(value)) continue;
    char expected[5 * 1024];
    const auto length =
        static_cast<size_t>(std::snprintf(expected, sizeof expected, "%.17Lf", value));
    const std::string text = util::format_long_double(value);
    if (text == "0" &&
        std::string_view(expected, length).find_first_not_of("-0.") == std::string_view::npos) {
      continue;
    }
    const std::string padded =
        text + (text.find('.') == std::string::npos ? "." : "") + std::string(17, '0');
    if (text.size() > length || padded.substr(0, length) != std::string_view(expected, length))
      FAIL(expected);
    if (text.find('.') != std::string::npos && (text.back() == '0' || text.back() == '.')) {
      FAIL(text);
    }
  }
}

TEST_CASE("memory sizes: units of redis.conf") {
  CHECK(util::parse_memory_size("0") == 0);
  CHECK(util::parse_memory_size("1024") == 1024);
  CHECK(util::parse_memory_size("0100") == 100);
  CHECK(util::parse_memory_size("1b") == 1);
  CHECK(util::parse_memory_size("1k") == 1000);
  CHECK(util::parse_memory_size("1KB") == 1024);
  CHECK(util::parse_memory_size("64mb") == 64u << 20);
  CHECK(util::parse_memory_size("2G") == 2'000'000'000);
  CHECK(util::parse_memory_size("3gb") == uint64_t{3} << 30);
  for (const std::string_view refused : {"", "mb", "-1", "1.5gb", "1 mb", "1tb", "1kbb", " 1",
                                         "99999999999gb", "18446744073709551616"}) {
    CAPTURE(refused);
    CHECK_FALSE(util::parse_memory_size(refused));
  }
}

TEST_CASE("human_bytes: as INFO prints sizes") {
  CHECK(util::human_bytes(0) == "0B");
  CHECK(util::human_bytes(1023) == "1023B");
  CHECK(util::human_bytes(1024) == "1.00K");
  CHECK(util::human_bytes(1536) == "1.50K");
  CHECK(util::human_bytes(uint64_t{1} << 30) == "1.00G");
  CHECK(util::human_bytes(uint64_t{5} << 50) == "5.00P");
  CHECK(util::human_bytes(std::numeric_limits<uint64_t>::max()) == "16384.00P");
}
