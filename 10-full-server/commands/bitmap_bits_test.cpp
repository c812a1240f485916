// SPDX-License-Identifier: MIT
//
// Bits, counted, found and combined, against loops over single bits.
#include "10-full-server/commands/bitmap_bits.h"

#include <algorithm>
#include <string>
#include <vector>

#include "shared/testing/catch.h"
#include "shared/util/random.h"

namespace full_server {

static bool bit_of(std::string_view bytes, uint64_t bit) {
  return (static_cast<uint8_t>(bytes[bit / 8]) >> (7 - bit % 8) & 1) != 0;
}

// Mostly one byte again and again, as bitmaps are.
static std::string random_bytes(util::Random& random, size_t length) {
  std::string bytes(length, static_cast<char>(random.below(3) * 127 + random.below(2)));
  for (uint64_t n = random.below(length + 1) / (1 + random.below(20)); n > 0; --n) {
    bytes[random.below(length)] = static_cast<char>(random.below(256));
  }
  return bytes;
}

static BitRange random_range(util::Random& random, size_t length) {
  const uint64_t a = random.below(8 * length), b = random.below(8 * length);
  return {std::min(a, b), std::max(a, b)};
}

TEST_CASE("bits are counted in any range") {
  util::Random random(1);
  for (int i = 0; i < 2000; ++i) {
    const std::string bytes = random_bytes(random, 1 + random.below(200));
    const BitRange range = random_range(random, bytes.size());
    uint64_t all = 0, some = 0;
    for (uint64_t bit = 0; bit < 8 * bytes.size(); ++bit) {
      const uint64_t one = bit_of(bytes, bit) ? 1 : 0;
      all += one;
      if (bit >= range.first && bit <= range.last) some += one;
    }
    REQUIRE(count_bits(bytes) == all);
    REQUIRE(count_bits(bytes, range) == some);
  }
  CHECK(count_bits("") == 0);
}

TEST_CASE("the first bit of a value is found in any range") {
  util::Random random(2);
  for (int i = 0; i < 4000; ++i) {
    const std::string bytes = random_bytes(random, 1 + random.below(150));
    const BitRange range = random_range(random, bytes.size());
    for (const bool value : {false, true}) {
      uint64_t bit = range.first;
      while (bit <= range.last && bit_of(bytes, bit) != value) ++bit;
      const auto expected = bit <= range.last ? std::optional(bit) : std::nullopt;
      REQUIRE(find_bit(bytes, value, range) == expected);
    }
  }
}

static bool combined(BitOperation operation, const std::vector<std::string>& sources,
                     uint64_t bit) {
  const auto of = [&](const std::string& source) {
    return bit < 8 * source.size() && bit_of(source, bit);
  };
  bool result = of(sources[0]);
  if (operation == BitOperation::Not) return !result;
  for (size_t i = 1; i < sources.size(); ++i) {
    const bool other = of(sources[i]);
    result = operation == BitOperation::And  ? result && other
             : operation == BitOperation::Or ? result || other
                                             : result != other;
  }
  return result;
}

TEST_CASE("sources of different lengths are combined, shorter ones going on with zeros") {
  util::Random random(3);
  for (int i = 0; i < 300; ++i) {
    const auto operation = static_cast<BitOperation>(random.below(4));
    const size_t count = operation == BitOperation::Not ? 1 : 1 + random.below(5);
    std::vector<std::string> sources;
    for (size_t n = 0; n < count; ++n) {
      sources.push_back(random_bytes(random, 1 + random.below(i % 50 == 0 ? 40000 : 150)));
    }
    size_t length = 0;
    for (const std::string& each : sources) length = std::max(length, each.size());
    const std::vector<std::string_view> views(sources.begin(), sources.end());
    std::string out(length, '?');
    combine_bits(operation, views, out.data(), length);
    for (uint64_t bit = 0; bit < 8 * length; ++bit) {
      if (bit_of(out, bit) != combined(operation, sources, bit)) FAIL("bit " << bit);
    }
  }
}

}  // namespace full_server
