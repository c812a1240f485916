// SPDX-License-Identifier: MIT
#include "shared/util/crc64.h"

#include <string>

#include "shared/testing/catch.h"
#include "shared/util/random.h"

namespace {

uint64_t reversed(uint64_t word) {
  uint64_t turned = 0;
  for (int i = 0; i < 64; ++i) turned |= ((word >> i) & 1) << (63 - i);
  return turned;
}

// The definition: a division, bit by bit, of the reflected bytes.
uint64_t by_definition(uint64_t crc, std::string_view bytes) {
  uint64_t rest = reversed(crc);
  for (const char c : bytes) {
    for (int i = 0; i < 8; ++i) {
      const uint64_t bit = (static_cast<unsigned char>(c) >> i) & 1;
      const uint64_t top = rest >> 63;
      rest = (rest << 1) ^ ((top ^ bit) != 0 ? 0xad93d23594c935a9 : 0);
    }
  }
  return reversed(rest);
}

std::string random_bytes(util::Random& random, size_t size) {
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>(random.below(256));
  return bytes;
}

}  // namespace

TEST_CASE("crc64: check values") {
  CHECK(util::crc64(0, "") == 0);
  CHECK(util::crc64(7, "") == 7);
  CHECK(util::crc64(0, "123456789") == 0xe9c6d914c4b8d9ca);
  // What Redis 7.2 answers to DUMP of a hundred times `a`, and the checksum at its end.
  const std::string_view dump(
      "\x00\xc3\t@d\x01"
      "aa\xe0W\x00\x01"
      "aa\x0b\x00",
      16);
  CHECK(util::crc64(0, dump) == 0xf81bf24d74087c81);
}

TEST_CASE("crc64: agrees with its definition at every length and alignment") {
  util::Random random(1);
  const std::string bytes = random_bytes(random, 120);
  for (size_t from = 0; from < 17; ++from) {
    for (size_t size = 0; from + size <= bytes.size(); ++size) {
      const std::string_view part = std::string_view(bytes).substr(from, size);
      const uint64_t start = random.next();
      if (util::crc64(start, part) != by_definition(start, part)) FAIL(from << " " << size);
    }
  }
}

TEST_CASE("crc64: pieces make the whole") {
  util::Random random(2);
  const std::string bytes = random_bytes(random, 5000);
  const uint64_t whole = util::crc64(0, bytes);
  for (int i = 0; i < 200; ++i) {
    std::string_view rest = bytes;
    uint64_t crc = 0;
    while (!rest.empty()) {
      const size_t size = std::min<size_t>(random.below(100) + 1, rest.size());
      crc = util::crc64(crc, rest.substr(0, size));
      rest.remove_prefix(size);
    }
    REQUIRE(crc == whole);
  }
}
