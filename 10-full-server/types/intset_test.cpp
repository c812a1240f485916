// SPDX-License-Identifier: MIT
//
// Sets of integers: Redis' bytes, widening at the limits, a model with random changes, corrupted
// bytes.
#include "10-full-server/types/intset.h"

#include <set>
#include <string>
#include <vector>

#include "10-full-server/types/testing_hex.h"
#include "shared/testing/catch.h"
#include "shared/util/memory.h"

namespace types {

namespace {

std::vector<int64_t> numbers(const IntSet& set) {
  std::vector<int64_t> result;
  for (size_t i = 0; i < set.size(); ++i) result.push_back(set.at(i));
  return result;
}

int64_t random_number(util::Random& random, int bits) {
  const auto value = static_cast<int64_t>(random.next());
  return value >> (64 - bits);
}

}  // namespace

TEST_CASE("intset: the bytes are Redis', widened as they need") {
  IntSet set;
  for (const int64_t value : {5, -3, 32767, -32768}) CHECK(set.insert(value));
  CHECK(to_hex(set.bytes()) == "02000000040000000080fdff0500ff7f");
  CHECK(set.insert(32768));
  CHECK(to_hex(set.bytes()) == "04000000050000000080fffffdffffff05000000ff7f000000800000");
  CHECK(set.insert(-2147483649));
  CHECK(to_hex(set.bytes()) ==
        "0800000006000000ffffff7fffffffff0080fffffffffffffdffffffffffffff0500000000000000"
        "ff7f0000000000000080000000000000");
  CHECK(set.erase(-2147483649));
  CHECK(to_hex(set.bytes().substr(0, 8)) == "0800000005000000");  // it stays wide
}

TEST_CASE("intset: numbers at the limits of each width") {
  const std::vector<int64_t> limits = {INT64_MIN, -2147483649, -2147483648, -32769,
                                       -32768,    -1,          0,           32767,
                                       32768,     2147483647,  2147483648,  INT64_MAX};
  for (const int64_t first : limits) {
    for (const int64_t second : limits) {
      IntSet set;
      CHECK(set.insert(first));
      CHECK(set.insert(second) == (first != second));
      CHECK(set.contains(first));
      CHECK(set.contains(second));
      const std::set<int64_t> model{first, second};
      CHECK(numbers(set) == std::vector<int64_t>(model.begin(), model.end()));
      CHECK(IntSet::validate(set.bytes()));
    }
  }
}

TEST_CASE("intset: an empty one allocates nothing") {
  const uint64_t before = memory::used();
  IntSet set;
  CHECK(set.empty());
  CHECK_FALSE(set.contains(0));
  CHECK_FALSE(set.erase(0));
  CHECK(set.clone().empty());
  CHECK(to_hex(set.bytes()) == "0200000000000000");
  CHECK(memory::used() == before);
  CHECK(set.insert(0));
  CHECK(set.erase(0));
  CHECK(set.empty());
  CHECK(set.insert(-1));
  CHECK(numbers(set) == std::vector<int64_t>{-1});
}

TEST_CASE("intset: against std::set, with random changes") {
  const uint64_t before = memory::used();
  for (const int bits : {6, 16, 20, 33, 64}) {
    util::Random random(static_cast<uint64_t>(bits));
    IntSet set;
    std::set<int64_t> model;
    for (int step = 0; step < 3000; ++step) {
      const int64_t value = random_number(random, random.below(4) == 0 ? bits : bits / 2);
      REQUIRE(set.contains(value) == model.contains(value));
      if (random.below(3) != 0) {
        REQUIRE(set.insert(value) == model.insert(value).second);
      } else if (!model.empty() && random.below(2) == 0) {
        const int64_t member = set.random(random);
        REQUIRE(model.erase(member) == 1);
        REQUIRE(set.erase(member));
      } else {
        REQUIRE(set.erase(value) == (model.erase(value) == 1));
      }
      REQUIRE(set.size() == model.size());
      if (step % 50 == 0) {
        REQUIRE(numbers(set) == std::vector<int64_t>(model.begin(), model.end()));
        REQUIRE(IntSet::validate(set.bytes()) == !model.empty());
        set = IntSet::adopt(set.clone().release());
      }
    }
    CHECK(set.memory_size() > 0);
  }
  CHECK(memory::used() == before);
}

TEST_CASE("intset: what is not one is refused") {
  static constexpr std::string_view kBroken[] = {
      "",
      "02000000010000",                    // no header
      "0200000000000000",                  // empty
      "03000000010000000100",              // no such width
      "0200000002000000",                  // numbers that are not there
      "020000000200000001000200ff",        // and too many
      "020000000200000001000100",          // twice the same
      "02000000020000000200ffff",          // descending
      "08000000ffffffff0000000000000000",  // a count that overflows
  };
  for (const std::string_view digits : kBroken) {
    INFO(digits);
    CHECK_FALSE(IntSet::validate(from_hex(digits)));
  }
  CHECK(IntSet::validate(from_hex("0200000002000000ffff0200")));
}

}  // namespace types
