// SPDX-License-Identifier: MIT
//
// Hashes there and back through DUMP's bytes, in every version's encoding; what Redis wrote; old type bytes; damage.
#include <map>
#include <string>

#include "10-full-server/persistence/codecs.h"
#include "10-full-server/persistence/zipmap.h"
#include "10-full-server/types/hash.h"
#include "10-full-server/types/testing_hex.h"
#include "shared/keyspace/edit.h"
#include "shared/testing/catch.h"
#include "shared/util/random.h"

namespace persistence {

using keyspace::Entry;
using keyspace::Keyspace;
using types::from_hex;
using types::Hash;
using types::PackedValue;

namespace {

using Model = std::map<std::string, std::string>;

const rdb::CodecTable& codecs() {
  static const rdb::CodecTable kTable = [] {
    keyspace::register_type(Hash::descriptor());
    rdb::CodecTable table;
    table.add(hash_codec());
    return table;
  }();
  return kTable;
}

struct Held {
  explicit Held(Entry* held) : entry(held) {}
  Held(const Held&) = delete;
  ~Held() {
    if (entry != nullptr) Keyspace::destroy(entry);
  }
  const Hash& hash() const { return *static_cast<const Hash*>(entry->word_address()); }
  Model pairs() const {
    Model model;
    hash().for_each([&](PackedValue field, PackedValue value) {
      PackedValue::Scratch first, second;
      model.emplace(field.text(first), value.text(second));
    });
    return model;
  }
  Entry* entry;
};

Entry* entry_of(const Model& pairs, keyspace::UnixMs deadline = keyspace::kNever) {
  codecs();
  Hash hash;
  for (const auto& [field, value] : pairs) hash.set(field, value);
  return keyspace::new_entry("key", std::move(hash), deadline, 0);
}

std::string dumped(const Entry& entry, int version) {
  util::ByteBuffer out;
  rdb::append_dump(out, codecs(), entry, version);
  return std::string(out.view());
}

Entry* loaded(std::string_view bytes) { return rdb::load_dump(bytes, codecs(), {.key = "key"}); }

// A value without its footer, as a file holds it.
Entry* loaded_value(std::string_view bytes) {
  rdb::Decoder in(bytes);
  const uint8_t type_byte = in.byte();
  Entry* entry = hash_codec().load(in, type_byte, {.key = "key"});
  REQUIRE((in.ok() || entry == nullptr));
  return entry;
}

Model many(int count) {
  Model model;
  for (int i = 0; i < count; ++i) model["field" + std::to_string(i)] = std::to_string(i * 37);
  return model;
}

}  // namespace

TEST_CASE("a hash comes back as it was, in its encoding") {
  struct Row {
    Model pairs;
    std::string_view encoding;
    char newest;  // type byte
  };
  const Row rows[] = {{many(3), "listpack", 16},
                      {{{"", ""}, {"1", "x y"}}, "listpack", 16},
                      {many(512), "listpack", 16},
                      {many(513), "hashtable", 4},
                      {{{"f", std::string(100, 'x')}}, "hashtable", 4}};
  for (const Row& row : rows) {
    const Held held(entry_of(row.pairs));
    for (const int version : {9, 10, 11}) {
      const std::string bytes = dumped(*held.entry, version);
      CHECK(bytes[0] == (version >= 10 ? row.newest : 4));
      const Held copy(loaded(bytes));
      REQUIRE(copy.entry != nullptr);
      CHECK(copy.pairs() == row.pairs);
      CHECK(copy.hash().encoding_name() == row.encoding);
    }
  }
}

TEST_CASE("a hash has the bytes that Redis 7.2.6 dumps") {
  const std::string packed = from_hex(
      "102121000000060081610201018474657874058576616c756506c12c02f290eefe04ff0b00bde69dc0ca67f4ae");
  const Held held(loaded(packed));
  REQUIRE(held.entry != nullptr);
  CHECK(held.pairs() == Model{{"a", "1"}, {"text", "value"}, {"300", "-70000"}});
  CHECK(dumped(*held.entry, 11) == packed);

  const std::string fields = from_hex("0401046c6f6e67c0010b001a891324eef99fc9");
  types::hash_settings.max_listpack_value = 3;
  const Held table(loaded(fields));
  types::hash_settings = {};
  REQUIRE(table.entry != nullptr);
  CHECK(table.pairs() == Model{{"long", "1"}});
  CHECK(dumped(*table.entry, 11) == fields);
}

TEST_CASE("limits that were lowered since are kept to") {
  const Held held(entry_of(many(100)));
  types::hash_settings.max_listpack_entries = 50;
  for (const int version : {9, 11}) {
    const Held copy(loaded(dumped(*held.entry, version)));
    CHECK(copy.hash().encoding_name() == "hashtable");
    CHECK(copy.pairs() == held.pairs());
  }
  types::hash_settings = {};
}

TEST_CASE("what Redis wrote before 7.0 and before 2.6 is read") {
  const Model expected = {{"f1", "v1"}, {"f2", "v2"}};
  const std::string ziplist = from_hex(
      "0d1b1b000000160000000400000266310402763104026632040276"
      "32ff");
  const Held from_ziplist(loaded_value(ziplist));
  REQUIRE(from_ziplist.entry != nullptr);
  CHECK(from_ziplist.pairs() == expected);
  const std::string zipmap = from_hex("0910020266310200763102663202007632ff");
  const Held from_zipmap(loaded_value(zipmap));
  REQUIRE(from_zipmap.entry != nullptr);
  CHECK(from_zipmap.pairs() == expected);
  CHECK(from_zipmap.hash().encoding_name() == "listpack");
}

TEST_CASE("a zipmap may have room behind values and long texts") {
  const std::string long_text(300, 'x');
  const std::string bytes = std::string("\1", 1) + "\1f" + "\xfe" + std::string("\x2c\1\0\0", 4) +
                            "\2" + long_text + "??\xff";
  const auto pairs = listpack_from_zipmap(bytes);
  REQUIRE(pairs.has_value());
  CHECK(pairs->size() == 2);
  PackedValue::Scratch scratch;
  CHECK(pairs->value(pairs->last()).text(scratch) == long_text);
  for (size_t length = 0; length < bytes.size(); ++length) {
    CHECK_FALSE(listpack_from_zipmap(bytes.substr(0, length)).has_value());
  }
  CHECK_FALSE(listpack_from_zipmap("\2" + bytes.substr(1)).has_value());
  CHECK_FALSE(listpack_from_zipmap(std::string_view("\0\xff", 2)).has_value());  // Redis never wrote an empty one
  CHECK(listpack_from_zipmap("\xfe" + bytes.substr(1)).has_value());  // not counted
  const Held held(loaded_value("\x09" + std::string("\x41\x38", 2) + bytes));
  REQUIRE(held.entry != nullptr);
  CHECK(held.hash().encoding_name() == "hashtable");
}

TEST_CASE("damage makes no hash") {
  CHECK(loaded_value(std::string_view("\4\0", 2)) == nullptr);  // empty: skipped
  CHECK(loaded_value("\4\2\1a\1b\1a\1c") == nullptr);           // a field twice
  CHECK(loaded_value("\4\2\1a\1b\1c") == nullptr);              // cut off
  CHECK(loaded_value("\11\3abc") == nullptr);                   // no zipmap
  CHECK(loaded_value("\15\3abc") == nullptr);                   // no ziplist
  CHECK(loaded_value("\20\3abc") == nullptr);                   // no listpack
  // 1 → 2 and 1 → 3; then only three elements.
  const std::string twice("\20\17\17\0\0\0\4\0\1\1\2\1\1\1\3\1\377", 17);
  CHECK(loaded_value(twice) == nullptr);
  std::string different = twice;
  different[12] = 4;
  const Held sound(loaded_value(different));
  REQUIRE(sound.entry != nullptr);
  CHECK(sound.pairs() == Model{{"1", "2"}, {"4", "3"}});
  const std::string odd("\20\15\15\0\0\0\3\0\1\1\2\1\4\1\377", 15);
  CHECK(loaded_value(odd) == nullptr);
}

TEST_CASE("no byte of a hash that is changed brings the reader down") {
  util::Random random(99);
  const std::string zipmap = from_hex("0910020266310200763102663202007632ff");
  for (const int count : {0, 3, 40, 600}) {
    std::string bytes = zipmap;
    if (count > 0) {
      const Held held(entry_of(many(count)));
      bytes = dumped(*held.entry, 11);
      bytes.resize(bytes.size() - 10);
    }
    for (int i = 0; i < 2000; ++i) {
      std::string changed = bytes;
      for (size_t n = 1 + random.below(3); n > 0; --n) {
        changed[1 + random.below(changed.size() - 1)] = static_cast<char>(random.below(256));
      }
      const Held copy(loaded_value(changed));
      if (copy.entry != nullptr) CHECK(copy.pairs().size() == copy.hash().size());
    }
  }
}

TEST_CASE("a hash is rewritten as HMSET, and its deadline behind it") {
  const Held held(entry_of({{"1", "2"}, {"a", "b"}}, 1000));
  util::ByteBuffer out;
  rewrite_hash(*held.entry, out);
  CHECK(out.view() ==
        "*6\r\n$5\r\nHMSET\r\n$3\r\nkey\r\n$1\r\n1\r\n$1\r\n2\r\n$1\r\na\r\n$1\r\nb\r\n"
        "*3\r\n$9\r\nPEXPIREAT\r\n$3\r\nkey\r\n$4\r\n1000\r\n");
}

}  // namespace persistence
