// SPDX-License-Identifier: MIT
//
// Sets there and back through DUMP's bytes, in every version's encoding; damage; old type bytes.
#include <set>
#include <string>

#include "10-full-server/persistence/codecs.h"
#include "10-full-server/types/set.h"
#include "shared/keyspace/edit.h"
#include "shared/testing/catch.h"
#include "shared/util/random.h"

namespace persistence {

using keyspace::Entry;
using keyspace::Keyspace;
using types::PackedValue;
using types::Set;

namespace {

using Model = std::set<std::string>;

const rdb::CodecTable& codecs() {
  static const rdb::CodecTable kTable = [] {
    keyspace::register_type(Set::descriptor());
    rdb::CodecTable table;
    table.add(set_codec());
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
  const Set& set() const { return *static_cast<const Set*>(entry->word_address()); }
  Model members() const {
    Model model;
    set().for_each([&](PackedValue member) {
      PackedValue::Scratch scratch;
      model.emplace(member.text(scratch));
    });
    return model;
  }
  Entry* entry;
};

Entry* entry_of(const Model& members) {
  codecs();
  Set set = Set::integers();
  for (const std::string& member : members) set.add(member);
  return keyspace::new_entry("key", std::move(set), keyspace::kNever, 0);
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
  Entry* entry = set_codec().load(in, type_byte, {.key = "key"});
  REQUIRE((in.ok() || entry == nullptr));
  return entry;
}

Model many(int count, const char* prefix) {
  Model model;
  for (int i = 0; i < count; ++i) model.insert(prefix + std::to_string(i * 37));
  return model;
}

}  // namespace

TEST_CASE("sets: a set comes back as it was, in its encoding") {
  struct Row {
    Model members;
    std::string_view encoding;
    char newest, older;  // type bytes
  };
  const Row rows[] = {
      {many(3, ""), "intset", 11, 11},     {many(512, "-1"), "intset", 11, 11},
      {many(5, "m"), "listpack", 20, 2},   {{"1", "", "x y"}, "listpack", 20, 2},
      {many(300, "m"), "hashtable", 2, 2}, {{std::string(100, 'x')}, "hashtable", 2, 2},
  };
  for (const Row& row : rows) {
    const Held held(entry_of(row.members));
    for (const int version : {9, 10, 11}) {
      const std::string bytes = dumped(*held.entry, version);
      CHECK(bytes[0] == (version >= 11 ? row.newest : row.older));
      const Held copy(loaded(bytes));
      REQUIRE(copy.entry != nullptr);
      CHECK(copy.members() == row.members);
      CHECK(copy.set().encoding_name() == row.encoding);
    }
  }
}

TEST_CASE("sets: limits that were lowered since are kept to") {
  const Held integers(entry_of(many(100, "")));
  const Held texts(entry_of(many(100, "m")));
  types::set_settings = {50, 50, 64};
  for (const Held* held : {&integers, &texts}) {
    for (const int version : {10, 11}) {
      const Held copy(loaded(dumped(*held->entry, version)));
      CHECK(copy.set().encoding_name() == "hashtable");
      CHECK(copy.members() == held->members());
    }
  }
  types::set_settings = {};
}

TEST_CASE("sets: damage makes no set") {
  CHECK(loaded_value(std::string_view("\2\0", 2)) == nullptr);        // empty: skipped
  CHECK(loaded_value("\2\2\1a\1a") == nullptr);                       // a member twice
  CHECK(loaded_value("\2\2\1a") == nullptr);                          // cut off
  CHECK(loaded_value("\013\3abc") == nullptr);                        // no intset
  CHECK(loaded_value("\024\3abc") == nullptr);                        // no listpack
  const std::string twice("\024\013\013\0\0\0\2\0\1\1\1\1\377", 13);  // a listpack with 1 and 1
  CHECK(loaded_value(twice) == nullptr);
  std::string different = twice;
  different[10] = 2;
  const Held sound(loaded_value(different));
  REQUIRE(sound.entry != nullptr);
  CHECK(sound.members() == Model{"1", "2"});
}

TEST_CASE("sets: no byte that is changed brings the reader down") {
  util::Random random(99);
  for (const Model& members : {many(20, ""), many(20, "member"), many(200, "m")}) {
    const Held held(entry_of(members));
    std::string bytes = dumped(*held.entry, 11);
    bytes.resize(bytes.size() - 10);
    for (int i = 0; i < 2000; ++i) {
      std::string changed = bytes;
      for (size_t n = 1 + random.below(3); n > 0; --n) {
        changed[1 + random.below(changed.size() - 1)] = static_cast<char>(random.below(256));
      }
      const Held copy(loaded_value(changed));
      if (copy.entry != nullptr) CHECK(copy.members().size() == copy.set().size());
    }
  }
}

TEST_CASE("sets: a set is rewritten as SADD, and its deadline behind it") {
  const Held held(entry_of({"1", "2"}));
  util::ByteBuffer out;
  rewrite_set(*held.entry, out);
  CHECK(out.view() == "*4\r\n$4\r\nSADD\r\n$3\r\nkey\r\n$1\r\n1\r\n$1\r\n2\r\n");
}

}  // namespace persistence
