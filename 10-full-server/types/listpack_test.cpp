// SPDX-License-Identifier: MIT
//
// Listpacks: Redis' bytes at every width's limits, a model with random changes, corrupted bytes.
#include "10-full-server/types/listpack.h"

#include <algorithm>
#include <string>
#include <vector>

#include "10-full-server/types/testing_hex.h"
#include "shared/testing/catch.h"
#include "shared/util/memory.h"
#include "shared/util/random.h"

namespace types {

namespace {

using Texts = std::vector<std::string>;

std::string text_at(const Listpack& pack, Listpack::Position at) {
  PackedValue::Scratch scratch;
  return std::string(pack.value(at).text(scratch));
}

Texts forwards(const Listpack& pack) {
  Texts texts;
  for (auto at = pack.begin(); at != pack.end(); at = pack.next(at)) {
    texts.push_back(text_at(pack, at));
  }
  return texts;
}

Texts backwards(const Listpack& pack) {
  Texts texts;
  for (auto at = pack.end(); at != pack.begin();) {
    at = pack.previous(at);
    texts.insert(texts.begin(), text_at(pack, at));
  }
  return texts;
}

void check_equal(const Listpack& pack, const Texts& expected) {
  REQUIRE(Listpack::validate(pack.bytes()));
  REQUIRE(forwards(pack) == expected);
  REQUIRE(backwards(pack) == expected);
  REQUIRE(pack.size() == expected.size());
  REQUIRE(pack.empty() == expected.empty());
}

// Texts around the limits of every encoding.
std::string random_text(util::Random& random) {
  static const int64_t kNumbers[] = {
      0, 127, 4095, 32767, 8388607, 2147483647, int64_t{1} << 40, INT64_MAX - 3};
  switch (random.below(8)) {
    case 0:
      return std::to_string(kNumbers[random.below(8)] + static_cast<int64_t>(random.below(4)));
    case 1:
      return std::to_string(-kNumbers[random.below(8)] - static_cast<int64_t>(random.below(4)));
    case 2:
      return std::string(60 + random.below(8), 'm');
    case 3:
      return std::string(120 + random.below(12), 'b');
    case 4:
      return random.below(20) == 0 ? std::string(4090 + random.below(12), 'l') : "";
    default:
      return "t" + std::to_string(random.below(1000));
  }
}

}  // namespace

TEST_CASE("listpack: the bytes are Redis' at the limits of every width") {
  static const char* const kTexts[] = {"0",
                                       "127",
                                       "128",
                                       "4095",
                                       "4096",
                                       "-1",
                                       "-4096",
                                       "-4097",
                                       "32767",
                                       "32768",
                                       "-32768",
                                       "-32769",
                                       "8388607",
                                       "8388608",
                                       "-8388608",
                                       "-8388609",
                                       "2147483647",
                                       "2147483648",
                                       "-2147483648",
                                       "-2147483649",
                                       "9223372036854775807",
                                       "-9223372036854775808",
                                       "9223372036854775808",
                                       "",
                                       "007",
                                       "-0",
                                       "x",
                                       "+1"};
  Listpack pack;
  for (const char* text : kTexts) pack.append(std::string_view(text));
  CHECK(to_hex(pack.bytes()) ==
        "a20000001c0000017f01c08002cfff02f1001003dfff02d00002f1ffef03f1ff7f03f200800004f1008003f2ff"
        "7fff04f2ffff7f04f30000800005f200008004f3ffff7fff05f3ffffff7f05f4000000800000000009f3000000"
        "8005f4ffffff7fffffffff09f4ffffffffffffff7f09f400000000000000800993393232333337323033363835"
        "343737353830381480018330303704822d3003817802822b3103ff");
  check_equal(pack, Texts(std::begin(kTexts), std::end(kTexts)));
}

TEST_CASE("listpack: the bytes are Redis' at the limits of a text's length") {
  struct Expected {
    size_t length;
    const char* front;
    const char* back;  // behind the text
  };
  static constexpr Expected kExpected[] = {
      {62, "470000000100be", "3fff"},
      {63, "480000000100bf", "40ff"},
      {64, "4a0000000100e040", "42ff"},
      {125, "870000000100e07d", "7fff"},
      {126, "890000000100e07e", "0180ff"},
      {127, "8a0000000100e07f", "0181ff"},
      {128, "8b0000000100e080", "0182ff"},
      {4095, "0a1000000100efff", "2081ff"},
      {4096, "0e1000000100f000100000", "2085ff"},
  };
  for (const Expected& each : kExpected) {
    const std::string text(each.length, 's');
    Listpack pack;
    pack.append(text);
    CHECK(to_hex(pack.bytes()) == each.front + to_hex(text) + each.back);
    check_equal(pack, {text});
  }
}

TEST_CASE("listpack: the length field grows where Redis' does") {
  for (const size_t body : {16382u, 16383u, 2097150u, 2097151u}) {
    Listpack pack;
    pack.append("first");
    pack.append(std::string(body - 5, 'x'));
    pack.append("last");
    const size_t field = body < 16383 ? 2 : body < 2097151 ? 3 : 4;
    CHECK(pack.byte_size() == Listpack::kEmptyBytes + 7 + body + field + 6);
    REQUIRE(Listpack::validate(pack.bytes()));
    CHECK(text_at(pack, pack.previous(pack.last())).size() == body - 5);
    CHECK(text_at(pack, pack.seek(-3)) == "first");
  }
}

TEST_CASE("listpack: an empty one allocates nothing and has Redis' bytes") {
  const uint64_t before = memory::used();
  Listpack pack;
  CHECK(to_hex(pack.bytes()) == "070000000000ff");
  CHECK(pack.begin() == pack.end());
  CHECK(pack.seek(0) == pack.end());
  CHECK(pack.seek(-1) == pack.end());
  CHECK(pack.last() == pack.end());
  CHECK(pack.find("x") == pack.end());
  pack.erase(pack.end());
  pack.append_all(Listpack());
  CHECK(pack.split(pack.begin()).empty());
  CHECK(pack.clone().empty());
  CHECK(memory::used() == before);
  pack.append("x");
  pack.erase(pack.begin());
  check_equal(pack, {});
}

TEST_CASE("listpack: numbers given as numbers are the same as their texts") {
  Listpack pack;
  pack.append(int64_t{-5});
  pack.insert(pack.begin(), int64_t{100000});
  pack.replace(pack.begin(), int64_t{INT64_MIN});
  Listpack other;
  other.append("-9223372036854775808");
  other.append("-5");
  CHECK(pack.bytes() == other.bytes());
  CHECK(pack.value(pack.begin()).is_number());
  CHECK(pack.value(pack.begin()).number() == INT64_MIN);
}

TEST_CASE("listpack: find compares every stride-th element, numbers by value") {
  Listpack pack;
  for (const char* text : {"a", "1", "b", "a", "1", "c", "007", "7"}) {
    pack.append(std::string_view(text));
  }
  CHECK(pack.find("a") == pack.begin());
  CHECK(pack.find("1") == pack.seek(1));
  CHECK(pack.find("1", pack.begin(), 2) == pack.seek(4));
  CHECK(pack.find("c", pack.begin(), 2) == pack.end());
  CHECK(pack.find("7") == pack.seek(7));
  CHECK(pack.find("007") == pack.seek(6));
  CHECK(pack.find("a", pack.seek(1)) == pack.seek(3));
  CHECK(pack.find("", pack.begin(), 3) == pack.end());
  // A number that somebody else stored as text is found as well.
  const std::string as_text = from_hex("0a0000000100813702ff");
  REQUIRE(Listpack::validate(as_text));
  CHECK(Listpack::from(as_text).find("7") == Listpack::kHeaderBytes);
}

TEST_CASE("listpack: more elements than the header counts") {
  Listpack pack;
  for (int i = 0; i < 65534; ++i) pack.append(int64_t{1});
  CHECK(to_hex(pack.bytes().substr(4, 2)) == "feff");
  pack.append("x");
  CHECK(to_hex(pack.bytes().substr(4, 2)) == "ffff");
  pack.append("y");
  CHECK(pack.size() == 65536);
  CHECK(text_at(pack, pack.seek(65534)) == "x");
  CHECK(text_at(pack, pack.seek(-2)) == "x");
  CHECK(pack.seek(65536) == pack.end());
  CHECK(pack.seek(-65537) == pack.end());
  CHECK(Listpack::validate(pack.bytes()));
  Listpack tail = pack.split(pack.seek(65530));
  CHECK(tail.size() == 6);
  CHECK(pack.size() == 65530);
  tail.append_all(pack);
  CHECK(tail.size() == 65536);
  CHECK(to_hex(tail.bytes().substr(4, 2)) == "ffff");
  tail.erase_range(0, 100000);
  CHECK(tail.empty());
  CHECK(tail.size() == 0);
}

TEST_CASE("listpack: against a vector, with random changes") {
  const uint64_t before = memory::used();
  {
    util::Random random(7);
    Listpack pack;
    Texts model;
    const auto place = [&] { return random.below(model.size() + 1); };
    const auto position = [&](size_t index) {
      return index == model.size() ? pack.end() : pack.seek(static_cast<int64_t>(index));
    };
    for (int step = 0; step < 6000; ++step) {
      const std::string text = random_text(random);
      const size_t index = place();
      const auto where = model.begin() + static_cast<std::ptrdiff_t>(index);
      switch (random.below(model.size() > 60 ? 12 : 8)) {
        case 0:
        case 1:
          pack.append(text);
          model.push_back(text);
          break;
        case 2:
          pack.prepend(text);
          model.insert(model.begin(), text);
          break;
        case 3:
        case 4:
          pack.insert(position(index), text);
          model.insert(where, text);
          break;
        case 5:
          if (index == model.size()) break;
          pack.replace(position(index), text);
          *where = text;
          break;
        case 6: {
          Listpack tail = pack.split(position(index));
          check_equal(tail, Texts(where, model.end()));
          check_equal(pack, Texts(model.begin(), where));
          pack.append_all(tail);
          break;
        }
        case 7: {
          const Listpack copy = pack.clone();
          pack = Listpack::adopt(pack.release());
          REQUIRE(copy.bytes() == pack.bytes());
          const auto found = std::find(model.begin(), model.end(), text);
          REQUIRE(pack.find(text) == position(static_cast<size_t>(found - model.begin())));
          break;
        }
        default: {
          const size_t count = std::min<size_t>(random.below(12), model.size() - index);
          pack.erase(position(index), count);
          model.erase(where, where + static_cast<std::ptrdiff_t>(count));
        }
      }
      check_equal(pack, model);
    }
  }
  CHECK(memory::used() == before);
}

TEST_CASE("listpack: what is not one is refused") {
  static constexpr std::string_view kBroken[] = {
      "",
      "070000000000",                  // shorter than the shortest
      "080000000000ff",                // longer than it is
      "070000000000fe",                // no end
      "070000000100ff",                // an element that is not there
      "0900000000000101ff",            // one that the header does not know
      "0900000001000102ff",            // lengths disagree
      "090000000100f101ff",            // a number behind the end
      "08000000010001ff",              // no length field
      "090000000100f501ff",            // no such encoding
      "090000000100ff01ff",            // an end in the middle
      "0b0000000100ee020201ff",        // a text behind the end
      "0d0000000100f0ffffffff04ff",    // a length that overflows 32 bits
      "0d0000000100f0fbffffff0005ff",  // the same, hidden
      "0a00000001000181ffff",          // a length field that does not end
  };
  for (const std::string_view digits : kBroken) {
    INFO(digits);
    CHECK_FALSE(Listpack::validate(from_hex(digits)));
  }
  CHECK(Listpack::validate(from_hex("070000000000ff")));
  CHECK(Listpack::validate(from_hex("0900000001000101ff")));
  CHECK(Listpack::validate(from_hex("09000000ffff0101ff")));
}

TEST_CASE("listpack: a visitor may refuse an element") {
  Listpack pack;
  for (const char* text : {"a", "b", "a"}) pack.append(std::string_view(text));
  int seen = 0;
  CHECK_FALSE(Listpack::validate(pack.bytes(), [&](PackedValue value) {
    PackedValue::Scratch scratch;
    return ++seen < 10 && value.text(scratch) != "b";
  }));
  CHECK(seen == 2);
}

TEST_CASE("listpack: damaged bytes are refused or can be walked") {
  util::Random random(11);
  for (int round = 0; round < 3000; ++round) {
    Listpack pack;
    for (int i = 0; i < 6; ++i) pack.append(random_text(random));
    std::string bytes(pack.bytes());
    for (uint64_t i = 0, n = 1 + random.below(3); i < n; ++i) {
      bytes[random.below(bytes.size())] = static_cast<char>(random.next());
    }
    if (random.below(4) == 0) bytes.resize(random.below(bytes.size()));
    if (!Listpack::validate(bytes)) continue;
    const Listpack damaged = Listpack::from(bytes);
    const Texts texts = forwards(damaged);
    REQUIRE(texts == backwards(damaged));
    REQUIRE(texts.size() == damaged.size());
  }
}

}  // namespace types
