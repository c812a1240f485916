// SPDX-License-Identifier: MIT
//
// The arena: pieces don't overlap, reset() keeps one ordinary block and nothing else.
#include "shared/util/arena.h"

#include <cstdint>
#include <string>
#include <vector>

#include "shared/testing/catch.h"
#include "shared/util/memory.h"
#include "shared/util/random.h"

TEST_CASE("arena: every piece keeps its bytes until reset") {
  util::Arena arena;
  util::Random random(1);
  std::vector<std::string> expected;
  std::vector<std::string_view> copies;
  for (int turn = 0; turn < 3; ++turn) {
    for (int i = 0; i < 2000; ++i) {
      const size_t length = random.below(i % 100 == 0 ? 40'000 : 100);
      expected.emplace_back(length, static_cast<char>('a' + i % 26));
      copies.push_back(arena.copy(expected.back()));
    }
    bool same = true;
    for (size_t i = 0; i < copies.size(); ++i) same = same && copies[i] == expected[i];
    CHECK(same);
    expected.clear();
    copies.clear();
    arena.reset();
  }
}

TEST_CASE("arena: what it hands out suits any pointer or number") {
  util::Arena arena;
  for (const size_t size : {1, 3, 8, 9, 20'000, 5}) {
    CHECK(reinterpret_cast<uintptr_t>(arena.allocate(size)) % 8 == 0);
  }
}

TEST_CASE("arena: an empty text is a text") {
  util::Arena arena;
  CHECK(arena.copy({}).empty());
  CHECK(arena.copy("").data() != nullptr);
}

TEST_CASE("arena: an ordinary turn allocates once, a huge one is given back") {
  util::Arena arena;
  arena.reset();
  arena.copy("first");
  const uint64_t before = memory::used();
  for (int turn = 0; turn < 10; ++turn) {
    for (int i = 0; i < 100; ++i) arena.copy("some argument");
    arena.reset();
  }
  const uint64_t ordinary = memory::used();
  arena.allocate(10'000'000);
  const uint64_t huge = memory::used();
  arena.reset();
  const uint64_t after = memory::used();
  CHECK(ordinary == before);
  CHECK(huge >= before + 10'000'000);
  CHECK(after < before + 1000);

  util::Arena huge_first;
  const uint64_t empty = memory::used();
  huge_first.allocate(10'000'000);
  huge_first.reset();
  const uint64_t given_back = memory::used();
  CHECK(given_back < empty + 1000);
}
