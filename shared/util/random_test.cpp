// SPDX-License-Identifier: MIT
//
// Random numbers: the published sequence, an even spread, and ids that differ.
#include "shared/util/random.h"

#include <array>
#include <set>
#include <string>

#include "shared/testing/catch.h"

TEST_CASE("random: a seed gives one sequence, another seed another") {
  util::Random first(42), same(42), other(43);
  for (int i = 0; i < 100; ++i) {
    const uint64_t value = first.next();
    CHECK(value == same.next());
    CHECK(value != other.next());
  }
  util::Random one, two;
  CHECK(one.next() != two.next());
}

TEST_CASE("random: below() is even and keeps its bound") {
  util::Random random(1);
  std::array<int, 7> counts{};
  for (int i = 0; i < 70'000; ++i) ++counts.at(random.below(7));
  for (const int count : counts) CHECK((count > 9500 && count < 10'500));
  CHECK(random.below(1) == 0);
  const uint64_t huge = (uint64_t{1} << 63) + 1;  // just over half the range: rejects the most
  for (int i = 0; i < 1000; ++i) CHECK(random.below(huge) < huge);
}

TEST_CASE("random: ids are hexadecimal and differ") {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string id = util::random_hex(40);
    CHECK(id.size() == 40);
    CHECK(id.find_first_not_of("0123456789abcdef") == std::string::npos);
    seen.insert(id);
  }
  CHECK(seen.size() == 100);
  CHECK(util::random_hex(0).empty());
}
