// SPDX-License-Identifier: MIT
//
// Hashes: a model with random changes under several limits, Redis' rules for turning into a table, chances, memory.
#include "10-full-server/types/hash.h"

#include <map>
#include <string>
#include <vector>

#include "10-full-server/types/testing_hex.h"
#include "shared/keyspace/edit.h"
#include "shared/testing/catch.h"
#include "shared/util/memory.h"
#include "shared/util/random.h"

namespace types {

namespace {

using Model = std::map<std::string, std::string>;

// Settings for one test.
struct Configured {
  Configured(uint64_t entries, uint64_t value) { hash_settings = {entries, value}; }
  ~Configured() { hash_settings = HashSettings(); }
};

std::string text_of(PackedValue value) {
  PackedValue::Scratch scratch;
  return std::string(value.text(scratch));
}

Model content(const Hash& hash) {
  Model model;
  hash.for_each(
      [&](PackedValue field, PackedValue value) { model[text_of(field)] = text_of(value); });
  return model;
}

Model scanned(const Hash& hash) {
  Model model;
  collections::Cursor cursor = 0;
  do {
    cursor = hash.scan(cursor, [&](PackedValue field, PackedValue value) {
      model[text_of(field)] = text_of(value);
    });
  } while (cursor != 0);
  return model;
}

std::string random_text(util::Random& random, uint64_t kinds) {
  const uint64_t kind = random.below(kinds);
  if (kind % 3 == 0) return std::to_string(static_cast<int64_t>(kind * 77) - 500);
  return "t" + std::to_string(kind) + std::string(kind % 11 == 0 ? kind % 90 : 0, 'x');
}

void change(Hash& hash, Model& model, util::Random& random) {
  const std::string field = random_text(random, 60);
  const bool held = model.contains(field);
  if (random.below(3) == 0) {
    REQUIRE(hash.remove(field) == held);
    model.erase(field);
    return;
  }
  const std::string value = random_text(random, 400);
  REQUIRE(hash.set(field, value) == !held);
  model[field] = value;
}

void check_equal(const Hash& hash, const Model& model) {
  REQUIRE(hash.size() == model.size());
  REQUIRE(content(hash) == model);
  REQUIRE(scanned(hash) == model);
  for (const auto& [field, value] : model) {
    const auto found = hash.get(field);
    REQUIRE(found.has_value());
    REQUIRE(text_of(*found) == value);
  }
  REQUIRE_FALSE(hash.get("missing").has_value());
}

}  // namespace

TEST_CASE("hash: a model holds the same after every random history, whatever the limits") {
  const uint64_t before = memory::used();
  for (const uint64_t entries : {0, 5, 30, 512}) {
    const Configured configured(entries, entries == 30 ? 10 : 64);
    util::Random random(entries + 1);
    Hash hash;
    Model model;
    for (int i = 0; i < 3000; ++i) {
      change(hash, model, random);
      if (i % 100 == 0) check_equal(hash, model);
      if (i % 1000 == 0) check_equal(hash.clone(), model);
    }
    while (!model.empty()) {
      REQUIRE(hash.remove(model.begin()->first));
      model.erase(model.begin());
    }
    CHECK(hash.empty());
  }
  CHECK(memory::used() == before);
}

TEST_CASE("hash: it becomes a table by its number of fields or their length, and stays one") {
  const Configured configured(3, 5);
  Hash hash;
  CHECK(hash.encoding_name() == "listpack");
  for (const char* field : {"a", "b", "c"}) hash.set(field, "12345");
  CHECK(hash.is_packed());
  hash.set("a", "54321");
  CHECK(hash.is_packed());
  hash.set("d", "");
  CHECK(hash.encoding_name() == "hashtable");
  hash.remove("d");
  hash.remove("c");
  CHECK_FALSE(hash.is_packed());

  Hash by_value;
  by_value.set("a", "123456");
  CHECK_FALSE(by_value.is_packed());
  Hash by_field;
  by_field.set("123456", "a");
  CHECK_FALSE(by_field.is_packed());
}

TEST_CASE("hash: what a command brings is judged at once, fields that come twice included") {
  const Configured configured(2, 5);
  const std::vector<std::string_view> few = {"a", "1", "b", "2"};
  const std::vector<std::string_view> many = {"a", "1", "a", "2", "a", "3"};
  const std::vector<std::string_view> long_ones = {"a", "123456"};
  Hash hash;
  hash.prepare(few);
  CHECK(hash.is_packed());
  Hash second;
  second.prepare(many);
  CHECK_FALSE(second.is_packed());
  hash.prepare(long_ones);
  CHECK_FALSE(hash.is_packed());
}

TEST_CASE("hash: its bytes are those of Redis 7.2.6") {
  Hash hash;
  hash.set("a", "1");
  hash.set("text", "value");
  hash.set("300", "-70000");
  CHECK(to_hex(hash.packed_bytes()) ==
        "21000000060081610201018474657874058576616c756506c12c02f290eefe04ff");
  const Hash copy = Hash::from(Listpack::from(hash.packed_bytes()));
  CHECK(content(copy) == content(hash));
  const Configured configured(2, 64);
  CHECK_FALSE(Hash::from(Listpack::from(hash.packed_bytes())).is_packed());
}

TEST_CASE("hash: every field is as likely as any other") {
  for (const uint64_t limit : {512, 0}) {
    const Configured configured(limit, 64);
    Hash hash;
    for (int i = 0; i < 20; ++i) hash.set(std::to_string(i), std::to_string(-i));
    util::Random random(5);
    std::map<std::string, int> drawn;
    for (int i = 0; i < 20000; ++i) {
      const Hash::Pair pair = hash.random(random);
      ++drawn[text_of(pair.field)];
      CHECK(text_of(pair.value) == (text_of(pair.field) == "0" ? "0" : "-" + text_of(pair.field)));
    }
    REQUIRE(drawn.size() == 20);
    for (const auto& [field, count] : drawn) CHECK((count > 800 && count < 1200));
  }
}

TEST_CASE("hash: memory is what the allocator was asked for, and the digest knows no shape") {
  struct Pairs final : keyspace::Digest {
    void mix(std::string_view) override { FAIL("a hash has no order"); }
    void add(std::string_view) override { FAIL("a hash has no single members"); }
    void add_pair(std::string_view field, std::string_view value) override {
      pairs[std::string(field)] = value;
    }
    Model pairs;
  };
  keyspace::register_type(Hash::descriptor());
  for (const uint64_t limit : {512, 0}) {
    const Configured configured(limit, 64);
    const uint64_t before = memory::used();
    Hash hash;
    for (int i = 0; i < 100; ++i) hash.set("field" + std::to_string(i), std::to_string(i * i));
    CHECK(memory::used() - before >= hash.memory_size());
    const Model model = content(hash);
    keyspace::Entry* entry = keyspace::new_entry("k", std::move(hash), keyspace::kNever, 0);
    const keyspace::TypeDescriptor& type = keyspace::descriptor_of(*entry);
    Pairs digest;
    type.digest(*entry, digest);
    CHECK(digest.pairs == model);
    CHECK(type.length(entry->word_address()) == 100);
    CHECK(type.encoding_name(*entry) == (limit == 0 ? "hashtable" : "listpack"));
    CHECK(type.free_effort(entry->word_address()) == (limit == 0 ? 100 : 1));
    keyspace::Keyspace::destroy(entry);
  }
}

}  // namespace types
