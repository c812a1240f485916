// SPDX-License-Identifier: MIT
//
// Fields of every width at every offset against loops over single bits; sums against 128-bit arithmetic.
#include "10-full-server/commands/bitfield_value.h"

#include <limits>
#include <string>

#include "shared/testing/catch.h"
#include "shared/util/random.h"

namespace full_server {

__extension__ using Wide = __int128;

static Wide low_of(FieldType type) { return type.is_signed ? -(Wide{1} << (type.width - 1)) : 0; }
static Wide high_of(FieldType type) {
  return (Wide{1} << (type.is_signed ? type.width - 1 : type.width)) - 1;
}

static Wide wrapped(Wide value, FieldType type) {
  const Wide modulus = Wide{1} << type.width;
  value = (value % modulus + modulus) % modulus;
  return value > high_of(type) ? value - modulus : value;
}

static FieldType random_type(util::Random& random) {
  const bool is_signed = random.below(2) == 0;
  return {is_signed, static_cast<unsigned>(1 + random.below(is_signed ? 64 : 63))};
}

static int64_t random_number(util::Random& random) {
  const auto number = static_cast<int64_t>(random.next()) >> random.below(64);
  if (random.below(20) == 0) return std::numeric_limits<int64_t>::min();
  return random.below(20) == 0 ? std::numeric_limits<int64_t>::max() : number;
}

TEST_CASE("a field is written and read where it lies, and its neighbours stay") {
  util::Random random(7);
  std::string bytes(40, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random.below(256));
  const auto bit_of = [&](uint64_t bit) {
    return static_cast<uint8_t>(bytes[bit / 8]) >> (7 - bit % 8) & 1;
  };
  for (int i = 0; i < 20000; ++i) {
    const FieldType type = random_type(random);
    const uint64_t offset = random.below(8 * bytes.size() - type.width + 1);
    const int64_t value = random_number(random);
    const std::string before = bytes;
    write_field(bytes.data(), offset, type, value);
    Wide expected = 0;
    for (uint64_t bit = offset; bit < offset + type.width; ++bit)
      expected = 2 * expected + bit_of(bit);
    REQUIRE(read_field(bytes, offset, type) == static_cast<int64_t>(wrapped(expected, type)));
    REQUIRE(read_field(bytes, offset, type) == static_cast<int64_t>(wrapped(value, type)));
    for (uint64_t bit = 0; bit < 8 * bytes.size(); ++bit) {
      if (bit >= offset && bit < offset + type.width) continue;
      const int was = static_cast<uint8_t>(before[bit / 8]) >> (7 - bit % 8) & 1;
      if (bit_of(bit) != was) FAIL("bit " << bit << " was changed");
    }
  }
}

TEST_CASE("behind the end there are zeros") {
  CHECK(read_field("\xff", 4, {false, 8}) == 0xf0);
  CHECK(read_field("\xff", 4, {true, 8}) == -16);
  CHECK(read_field("\xff", 800, {true, 64}) == 0);
  CHECK(read_field("", 0, {false, 63}) == 0);
}

static void check_sum(FieldSum sum, Wide exact, FieldType type, Overflow overflow) {
  const bool fits = exact >= low_of(type) && exact <= high_of(type);
  REQUIRE(sum.fits == fits);
  Wide expected = exact;
  if (!fits && overflow == Overflow::Saturate)
    expected = exact < low_of(type) ? low_of(type) : high_of(type);
  if (!fits && overflow == Overflow::Wrap) expected = wrapped(exact, type);
  if (fits || overflow != Overflow::Fail) REQUIRE(Wide{sum.value} == expected);
}

TEST_CASE("a sum that does not fit is wrapped, saturated or refused") {
  util::Random random(8);
  for (int i = 0; i < 50000; ++i) {
    const FieldType type = random_type(random);
    const auto overflow = static_cast<Overflow>(random.below(3));
    const auto value = static_cast<int64_t>(wrapped(random_number(random), type));
    const int64_t increment = random_number(random);
    check_sum(add_to_field(value, increment, type, overflow), Wide{value} + increment, type,
              overflow);
    const int64_t given = random_number(random);
    Wide exact = type.is_signed ? Wide{given} : Wide{static_cast<uint64_t>(given)};
    const bool far_below =
        type.width < 64 && exact < 0 && high_of(type) - exact > std::numeric_limits<int64_t>::max();
    if (overflow == Overflow::Saturate && far_below) exact = high_of(type) + 1;
    check_sum(fit_field(given, type, overflow), exact, type, overflow);
  }
}

}  // namespace full_server
