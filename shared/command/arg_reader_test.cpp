// SPDX-License-Identifier: MIT
//
// Options are read to the end before anybody asks; the first error stays.
#include "shared/command/arg_reader.h"

#include <cmath>
#include <initializer_list>
#include <vector>

#include "shared/testing/catch.h"

namespace command {

using util::errors::kNotFloat;
using util::errors::kNotInteger;
using util::errors::kOutOfRange;
using util::errors::kSyntax;

namespace {
struct Words {
  Words(std::initializer_list<std::string_view> list) : words(list) {}
  std::vector<std::string_view> words;
  ArgReader from(size_t at) const { return {words, at}; }
};
}  // namespace

TEST_CASE("arg reader: words in any case, with what must follow them") {
  const Words words{"SET", "k", "v", "ex", "10", "Nx", "PX"};
  ArgReader reader = words.from(3);
  CHECK(reader.left() == 4);
  CHECK_FALSE(reader.take("NX"));
  CHECK_FALSE(reader.take_with("EX", 4));
  CHECK(reader.take_with("EX", 1));
  CHECK(reader.integer() == 10);
  CHECK(reader.take("NX"));
  CHECK_FALSE(reader.take_with("PX", 1));  // nothing follows: the caller ends in a syntax error
  CHECK(reader.position() == 6);
  CHECK(reader.more());
  CHECK(reader.next() == "PX");
  CHECK_FALSE(reader.more());
  CHECK(reader.ok());
}

TEST_CASE("arg reader: the first error stays, and what follows is harmless") {
  const Words words{"x", "abc", "7", "8"};
  ArgReader reader = words.from(1);
  CHECK(reader.integer() == 0);
  CHECK(reader.error() == kNotInteger);
  CHECK_FALSE(reader.more());
  CHECK(reader.integer(kOutOfRange) == 0);
  CHECK(reader.number() == 0);
  CHECK(reader.next().empty());
  CHECK_FALSE(reader.take("7"));
  reader.fail(kSyntax);
  CHECK(reader.error() == kNotInteger);
}

TEST_CASE("arg reader: reading past the end is a syntax error") {
  const Words words{"x"};
  ArgReader reader = words.from(1);
  CHECK(reader.ok());
  CHECK(reader.integer() == 0);
  CHECK(reader.error() == kSyntax);
}

TEST_CASE("arg reader: numbers and their limits") {
  const Words words{"9223372036854775807",
                    "-9223372036854775808",
                    "9223372036854775808",
                    "5",
                    "6",
                    "4",
                    "1.5",
                    "inf",
                    "nan",
                    "1e3x"};
  CHECK(words.from(0).integer() == INT64_MAX);
  CHECK(words.from(1).integer() == INT64_MIN);
  ArgReader too_big = words.from(2);
  CHECK(too_big.integer() == 0);
  CHECK(too_big.error() == kNotInteger);
  CHECK(words.from(3).integer_between(5, 5, kOutOfRange) == 5);
  ArgReader above = words.from(4), below = words.from(5);
  CHECK(above.integer_between(5, 5, kOutOfRange) == 0);
  CHECK(above.error() == kOutOfRange);
  CHECK(below.integer_between(5, 5, kOutOfRange) == 0);
  CHECK_FALSE(below.ok());
  CHECK(words.from(6).number() == 1.5);
  CHECK(std::isinf(words.from(7).number()));
  ArgReader nan = words.from(8), rest = words.from(9);
  CHECK(nan.number() == 0);
  CHECK(nan.error() == kNotFloat);
  CHECK(rest.number() == 0);
  CHECK(rest.error() == kNotFloat);
}

}  // namespace command
