// SPDX-License-Identifier: MIT
//
// Sorted sets there and back through DUMP's bytes; old type bytes; damage; the log's requests.
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <string>

#include "10-full-server/persistence/codecs.h"
#include "10-full-server/types/sorted_set.h"
#include "shared/keyspace/edit.h"
#include "shared/testing/catch.h"
#include "shared/util/random.h"

namespace persistence {

using keyspace::Entry;
using types::SortedSet;

namespace {

using Model = std::map<std::string, double>;

const rdb::CodecTable& codecs() {
  static const rdb::CodecTable kTable = [] {
    keyspace::register_type(SortedSet::descriptor());
    rdb::CodecTable table;
    table.add(sorted_set_codec());
    return table;
  }();
  return kTable;
}

struct Held {
  explicit Held(Entry* held) : entry(held) {}
  Held(const Held&) = delete;
  ~Held() {
    if (entry != nullptr) keyspace::Keyspace::destroy(entry);
  }
  const SortedSet& set() const { return *static_cast<const SortedSet*>(entry->word_address()); }
  Model members() const {
    Model model;
    for (types::SortedSetCursor at = set().first(); at; at.next()) {
      types::PackedValue::Scratch scratch;
      model.emplace(at.text(scratch), at.score());
    }
    return model;
  }
  Entry* entry;
};

Entry* entry_of(const Model& members, keyspace::UnixMs deadline = keyspace::kNever) {
  codecs();
  SortedSet set;
  for (const auto& [text, score] : members) set.put(text, score);
  return keyspace::new_entry("key", std::move(set), deadline, 0);
}

std::string dumped(const Entry& entry) {
  util::ByteBuffer out;
  rdb::append_dump(out, codecs(), entry, 11);
  return std::string(out.view());
}

// A value as a file holds it: type byte, then the rest.
Entry* loaded_value(std::string_view bytes, std::string* failure = nullptr) {
  rdb::Decoder in(bytes);
  const uint8_t type_byte = in.byte();
  Entry* const entry = sorted_set_codec().load(in, type_byte, {.key = "key"});
  if (failure != nullptr) *failure = in.failure();
  REQUIRE((in.ok() || entry == nullptr));
  return entry;
}

Model many(int count) {
  Model model;
  for (int i = 0; i < count; ++i) model["m" + std::to_string(i)] = i * 0.37 - 7;
  return model;
}

std::string bytes_of(double score) {
  std::string bytes(8, '\0');
  const auto bits = std::bit_cast<uint64_t>(score);
  for (size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(bits >> 8 * i);
  return bytes;
}

}  // namespace

TEST_CASE("sorted sets: one comes back as it was, in its encoding") {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const Model odd = {{"", 0}, {"7", kInfinity}, {"x y", -kInfinity}, {"t", 5e-324}, {"l", 1e22}};
  for (const Model& model : {many(1), many(128), many(129), many(1000), odd}) {
    const Held held(entry_of(model));
    const std::string bytes = dumped(*held.entry);
    CHECK(bytes[0] == (held.set().is_packed() ? 17 : 5));
    const Held copy(rdb::load_dump(bytes, codecs(), {.key = "key"}));
    REQUIRE(copy.entry != nullptr);
    CHECK(copy.members() == model);
    CHECK(copy.set().encoding_name() == held.set().encoding_name());
    CHECK(dumped(*copy.entry) == bytes);
  }
}

// Bit by bit; only a negative zero loses its sign, and only in a listpack, which holds whole numbers as integers (Redis' does
// the same). Redis 7.0 prints scores with 17 digits, also into DEBUG DIGEST: for 0.1 it differs from ours and from 7.2's,
// though the scores are equal.
TEST_CASE("sorted sets: every score comes back to the bit, in either form") {
  constexpr double kMost = std::numeric_limits<double>::max();
  const Model model = {{"0", 0.0},
                       {"-0", -0.0},
                       {"least", 5e-324},
                       {"denormal", -1e-320},
                       {"tenth", 0.1},
                       {"most", kMost},
                       {"2^53+2", 9007199254740994.0},
                       {"2^63", 9223372036854775808.0},
                       {"-2^63", -9223372036854775808.0},
                       {"2^52+1", 4503599627370497.0},
                       {"1e22", 1e22},
                       {"1e23", 1e23}};
  for (const bool packed : {true, false}) {
    types::sorted_set_settings.max_listpack_entries = packed ? 128 : 0;
    const Held held(entry_of(model));
    const Held copy(rdb::load_dump(dumped(*held.entry), codecs(), {.key = "key"}));
    types::sorted_set_settings = {};
    REQUIRE(copy.entry != nullptr);
    CHECK(copy.set().is_packed() == packed);
    const Model members = copy.members();
    REQUIRE(members.size() == model.size());
    for (const auto& [member, score] : model) {
      INFO(member);
      const double expected = packed ? score + 0.0 : score;  // -0 + 0 is 0
      CHECK(std::bit_cast<uint64_t>(members.at(member)) == std::bit_cast<uint64_t>(expected));
    }
  }
}

TEST_CASE("sorted sets: a big one is written with the highest score first, as Redis does") {
  types::sorted_set_settings.max_listpack_entries = 0;
  const Held held(entry_of({{"low", 1}, {"high", 2}}));
  types::sorted_set_settings = {};
  const std::string bytes = dumped(*held.entry);
  CHECK(bytes.substr(0, bytes.size() - 10) ==
        "\x05\x02\x04high" + bytes_of(2) + "\x03low" + bytes_of(1));
}

TEST_CASE("sorted sets: what old files hold is read") {
  const Held texts(
      loaded_value("\x03\x04\x01"
                   "a\x03"
                   "1.5\x01"
                   "b\xfe\x01"
                   "c\xff\x01"
                   "d\x02"
                   "-3"));
  REQUIRE(texts.entry != nullptr);
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  CHECK(texts.members() == Model{{"a", 1.5}, {"b", kInfinity}, {"c", -kInfinity}, {"d", -3}});
  CHECK(texts.set().is_packed());
  // A ziplist: a 1, b 2.5.
  const std::string ziplist(
      "\x18\0\0\0\x12\0\0\0\x04\0"
      "\0\x01"
      "a\x03\xf2\x02\x01"
      "b\x03\x03"
      "2.5\xff",
      24);
  const Held old(
      loaded_value("\x0c" + std::string(1, static_cast<char>(ziplist.size())) + ziplist));
  REQUIRE(old.entry != nullptr);
  CHECK(old.members() == Model{{"a", 1}, {"b", 2.5}});
}

TEST_CASE("sorted sets: damage is found") {
  const double kNan = std::numeric_limits<double>::quiet_NaN();
  std::string why;
  const Held nan(
      loaded_value("\x05\x01\x01"
                   "a" +
                       bytes_of(kNan),
                   &why));
  CHECK(nan.entry == nullptr);
  CHECK(why.starts_with("a score is no number"));
  const Held old_nan(
      loaded_value("\x03\x01\x01"
                   "a\xfd",
                   &why));
  CHECK(old_nan.entry == nullptr);
  const Held twice(
      loaded_value("\x05\x02\x01"
                   "a" +
                       bytes_of(1) +
                       "\x01"
                       "a" +
                       bytes_of(2),
                   &why));
  CHECK(twice.entry == nullptr);
  CHECK(why.starts_with("a member comes twice"));
  const Held text(
      loaded_value("\x03\x01\x01"
                   "a\x03"
                   "1.x",
                   &why));
  CHECK(text.entry == nullptr);
}

TEST_CASE("sorted sets: damaged bytes are refused or are a sorted set") {
  util::Random random(3);
  for (const int count : {5, 200}) {
    const Held held(entry_of(many(count)));
    const std::string dump = dumped(*held.entry);
    const std::string sound = dump.substr(0, dump.size() - 10);
    for (int round = 0; round < 2000; ++round) {
      std::string bytes = sound;
      bytes[1 + random.below(bytes.size() - 1)] = static_cast<char>(random.next());
      if (random.below(3) == 0) bytes.resize(1 + random.below(bytes.size()));
      const Held damaged(loaded_value(bytes));
      if (damaged.entry == nullptr) continue;
      REQUIRE(damaged.members().size() <= damaged.set().size());
      for (const auto& [member, score] : damaged.members()) REQUIRE(!std::isnan(score));
    }
  }
}

TEST_CASE("sorted sets: the log gets requests that make it again") {
  util::ByteBuffer out;
  const Held held(entry_of({{"a", 0.1}, {"b", 17}}, 12345));
  rewrite_sorted_set(*held.entry, out);
  CHECK(out.view() ==
        "*6\r\n$4\r\nZADD\r\n$3\r\nkey\r\n$3\r\n0.1\r\n$1\r\na\r\n$2\r\n17\r\n$1\r\nb\r\n"
        "*3\r\n$9\r\nPEXPIREAT\r\n$3\r\nkey\r\n$5\r\n12345\r\n");
}

}  // namespace persistence
