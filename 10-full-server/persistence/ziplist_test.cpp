// SPDX-License-Identifier: MIT
#include "10-full-server/persistence/ziplist.h"

#include <string>
#include <vector>

#include "10-full-server/types/testing_hex.h"
#include "shared/testing/catch.h"
#include "shared/util/random.h"

namespace persistence {

using types::from_hex;

static std::string little_endian(uint64_t value, size_t bytes) {
  std::string text;
  for (size_t i = 0; i < bytes; ++i) text += static_cast<char>(value >> 8 * i & 0xff);
  return text;
}

// A ziplist of entries without their first field.
static std::string ziplist_of(const std::vector<std::string>& bodies) {
  std::string entries;
  size_t before = 0;
  size_t last = 10;
  for (const std::string& body : bodies) {
    last = 10 + entries.size();
    const size_t start = entries.size();
    entries += before < 254 ? little_endian(before, 1) : "\xfe" + little_endian(before, 4);
    entries += body;
    before = entries.size() - start;
  }
  return little_endian(entries.size() + 11, 4) + little_endian(last, 4) +
         little_endian(bodies.size(), 2) + entries + "\xff";
}

static std::vector<std::string> elements_of(std::string_view bytes, bool& sound) {
  std::vector<std::string> elements;
  sound = read_ziplist(bytes, [&](types::PackedValue value) {
    types::PackedValue::Scratch scratch;
    elements.emplace_back(value.text(scratch));
    return true;
  });
  return elements;
}

TEST_CASE("a ziplist's elements come back, whatever their encoding") {
  const std::string long_text(300, 'x');
  const std::string huge_text(20000, 'y');
  const std::string bytes = ziplist_of({
      from_hex("f1"),
      from_hex("fd"),
      from_hex("fe80"),
      from_hex("c02c01"),
      from_hex("f0000080"),
      from_hex("d0ffffff7f"),
      from_hex("e00000000000000080"),
      from_hex("00"),
      "\x03"
      "abc",
      from_hex("412c") + long_text,
      from_hex("8000004e20") + huge_text,
      from_hex("f2"),
  });
  bool sound = false;
  const std::vector<std::string> found = elements_of(bytes, sound);
  CHECK(sound);
  CHECK(found == std::vector<std::string>{"0", "12", "-128", "300", "-8388608", "2147483647",
                                          "-9223372036854775808", "", "abc", long_text, huge_text,
                                          "1"});
  const auto pack = listpack_from_ziplist(bytes);
  REQUIRE(pack.has_value());
  CHECK(pack->size() == found.size());
  CHECK(types::Listpack::validate(pack->bytes()));
}

TEST_CASE("what Redis 6 wrote is read: RPUSH l a 1 hello") {
  bool sound = false;
  const std::string bytes = from_hex(
      "170000000f0000000300000161"
      "03f2"
      "0205"
      "68656c6c6f"
      "ff");
  CHECK(elements_of(bytes, sound) == std::vector<std::string>{"a", "1", "hello"});
  CHECK(sound);
}

TEST_CASE("an empty ziplist has no elements") {
  bool sound = false;
  CHECK(elements_of(from_hex("0b0000000a0000000000ff"), sound).empty());
  CHECK(sound);
}

TEST_CASE("a ziplist that contradicts itself is refused") {
  const std::string good =
      ziplist_of({"\x01"
                  "a",
                  "\x01"
                  "b"});
  const auto refused = [](std::string_view bytes) {
    bool sound = true;
    elements_of(bytes, sound);
    return !sound && !listpack_from_ziplist(bytes).has_value();
  };
  const auto with = [&](size_t at, char value) {
    std::string bytes = good;
    bytes[at] = value;
    return bytes;
  };
  CHECK_FALSE(refused(good));
  CHECK(refused(""));
  CHECK(refused(from_hex("0a000000")));
  CHECK(refused(with(0, 1)));   // total bytes
  CHECK(refused(with(4, 10)));  // the last entry is elsewhere
  CHECK(refused(with(8, 3)));   // entries
  CHECK_FALSE(refused(with(8, 2)));
  CHECK(refused(with(10, 1)));                        // the first entry has none before it
  CHECK(refused(with(11, 5)));                        // a text that ends elsewhere
  CHECK(refused(with(11, static_cast<char>(0xc1))));  // no encoding
  CHECK(refused(with(11, static_cast<char>(0x81))));
  CHECK(refused(with(good.size() - 1, 0)));           // no end
  CHECK(refused(with(10, static_cast<char>(0xff))));  // an end too early
}

TEST_CASE("a visitor may refuse an element") {
  size_t seen = 0;
  CHECK_FALSE(read_ziplist(ziplist_of({"\x01"
                                       "a",
                                       "\x01"
                                       "b"}),
                           [&](types::PackedValue) { return ++seen < 2; }));
  CHECK(seen == 2);
}

TEST_CASE("damaged ziplists are read without a step outside") {
  const std::string good =
      ziplist_of({"\x03"
                  "abc",
                  from_hex("c02c01"), from_hex("412c") + std::string(300, 'x'),
                  "\x01"
                  "b"});
  util::Random random(7);
  for (int round = 0; round < 20000; ++round) {
    std::string bytes =
        good.substr(0, random.below(3) == 0 ? random.below(good.size() + 1) : good.size());
    for (uint64_t flips = random.below(4); flips > 0 && !bytes.empty(); --flips) {
      bytes[random.below(bytes.size())] = static_cast<char>(random.below(256));
    }
    const auto pack = listpack_from_ziplist(std::string(bytes));
    if (pack) CHECK(types::Listpack::validate(pack->bytes()));
  }
}

}  // namespace persistence
