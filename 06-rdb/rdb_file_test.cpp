// SPDX-License-Identifier: MIT
// Whole files: what is written is read, at any place of an interruption; a file of redis-server is
// understood; of a file with one wrong bit nothing is believed.
#include <fmt/format.h>

#include <string>

#include "06-rdb/rdb_format.h"
#include "06-rdb/rdb_reader.h"
#include "06-rdb/rdb_writer.h"
#include "shared/testing/catch.h"
#include "shared/util/random.h"

namespace rdb {

namespace {

using namespace std::string_literals;
using keyspace::Databases;

constexpr keyspace::UnixMs kNow = 1'700'000'000'000;

class TextSink final : public Sink {
 public:
  util::Result<> write(std::string_view bytes) override {
    text.append(bytes);
    return {};
  }
  std::string text;
};

CodecTable strings() {
  CodecTable table;
  table.add(string_codec());
  return table;
}
const CodecTable kCodecs = strings();

std::string file_of(Databases& databases, WriteOptions options = {}) {
  TextSink sink;
  const auto size = write_rdb(sink, databases, kCodecs, options);
  REQUIRE(size);
  CHECK(size.value() == sink.text.size());
  return sink.text;
}

struct Loaded {
  explicit Loaded(std::string_view bytes, ReadOptions options = {.now = kNow},
                  size_t records = 1000) {
    databases.open(16);
    Decoder in(bytes);
    RdbReader reader(in, kCodecs, databases, options);
    reader.on_aux([this](std::string_view name, std::string_view value) {
      aux += fmt::format("{}={};", name, value);
    });
    while (reader.read_some(records)) ++slices;
    failure = reader.failure();
    counts = reader.counts();
  }
  std::string get(int db, std::string_view key) {
    const keyspace::Entry* entry = databases[db].find(key, keyspace::LookupFlags::Peek);
    keyspace::StringScratch scratch;
    return entry == nullptr ? "(nil)" : std::string(keyspace::string_text(*entry, scratch));
  }
  Databases databases;
  std::string failure, aux;
  RdbReader::Counts counts;
  size_t slices = 0;
};

// Adds the sum of its bytes, as a file ends.
std::string summed(std::string bytes) {
  Encoder out(nullptr, {});
  out.raw(bytes);
  out.fixed64(out.checksum());
  return std::string(out.view());
}

}  // namespace

TEST_CASE("a file has a header, its databases, and the sum of it all") {
  Databases databases;
  databases.open(16);
  databases[3].expire_at(databases[3].set_string("k", "v"), 0x0102030405060708);
  const std::string file = file_of(databases, {.version = 11, .aux = {{"redis-bits", "64"}}});
  CHECK(file == summed("REDIS0011\xfa\x0aredis-bits\xc0\x40"s + "\xfe\x03\xfb\x01\x01"s +
                       "\xfc\x08\x07\x06\x05\x04\x03\x02\x01\x00\x01k\x01v\xff"s));
}

TEST_CASE("without a checksum eight zeros stand in its place") {
  Databases databases;
  databases.open(1);
  const std::string file = file_of(databases, {.encoder = {.checksum = false}});
  CHECK(file == "REDIS0010\xff\0\0\0\0\0\0\0\0"s);
  CHECK(Loaded(file).failure == "");
}

TEST_CASE("what was written is read, in slices of any size") {
  Databases databases;
  databases.open(16);
  util::Random random(1);
  for (int i = 0; i < 5000; ++i) {
    const int db = static_cast<int>(random.next() % 3) * 7;
    const std::string key =
        std::to_string(random.next() % 4000) + std::string(random.next() % 300, 'k');
    std::string value(random.next() % 300, 'v');
    if (i % 3 == 0)
      value = std::to_string(static_cast<int64_t>(random.next()) >> (random.next() % 64));
    keyspace::Entry* entry = databases[db].set_string(key, value);
    if (i % 5 == 0) databases[db].expire_at(entry, kNow + i);
  }
  const std::string file = file_of(databases);
  for (const size_t records : {1, 7, 100000}) {
    Loaded loaded(file, {.now = kNow}, records);
    REQUIRE(loaded.failure == "");
    CHECK(loaded.counts.loaded == databases.total_size());
    for (int db = 0; db < 16; ++db) {
      REQUIRE(loaded.databases[db].size() == databases[db].size());
      CHECK(loaded.databases[db].volatile_count() == databases[db].volatile_count());
      databases[db].for_each([&](keyspace::Entry* entry) {
        keyspace::StringScratch scratch;
        CHECK(loaded.get(db, entry->key()) == keyspace::string_text(*entry, scratch));
        CHECK(loaded.databases[db].find(entry->key(), keyspace::LookupFlags::Peek)->deadline() ==
              entry->deadline());
      });
    }
  }
}

TEST_CASE("large values pass through without a copy, and are summed all the same") {
  Databases databases;
  databases.open(1);
  util::Random random(2);
  std::string noise(3 << 20, 0);
  for (char& c : noise) c = static_cast<char>(random.next());
  databases[0].set_string("noise", noise);
  databases[0].set_string("plain", std::string(1 << 20, 'a'));
  databases[0].set_string("small", "1");
  for (const bool compress : {true, false}) {
    const std::string file = file_of(databases, {.encoder = {.compress = compress}});
    Loaded loaded(file);
    CHECK(loaded.failure == "");
    CHECK(loaded.get(0, "noise") == noise);
    CHECK(loaded.get(0, "plain") == std::string(1 << 20, 'a'));
    CHECK(loaded.get(0, "small") == "1");
  }
}

TEST_CASE("records that say nothing to us are passed over") {
  const std::string file = summed(
      "REDIS0010\xfa\x03old\x05thing\xf5\x04"
      "code\xfe\x00\xfb\x7f\xff\x00"s +
      "\xf8\x05\xf9\x07\x00\x01k\x01v"s + "\xfd\x00\xf1\x53\x65\x00\x01s\x01w\xff"s);
  Loaded loaded(file);
  CHECK(loaded.failure == "");
  CHECK(loaded.aux == "old=thing;");
  CHECK(loaded.get(0, "k") == "v");
  CHECK(loaded.counts.loaded + loaded.counts.expired == 2);
}

TEST_CASE("what has expired is dropped by a master and kept by whoever must not decide") {
  Databases databases;
  databases.open(1);
  databases.environment().expiry = keyspace::ExpiryMode::Ignore;
  databases[0].expire_at(databases[0].set_string("gone", "1"), kNow - 1);
  databases[0].expire_at(databases[0].set_string("now", "1"), kNow);
  databases[0].expire_at(databases[0].set_string("later", "1"), kNow + 1);
  const std::string file = file_of(databases);
  Loaded master(file);
  CHECK(master.counts.expired == 1);
  CHECK(master.databases[0].size() == 2);
  Loaded replica(file, {.drop_expired = false, .now = kNow});
  CHECK(replica.counts.expired == 0);
  CHECK(replica.databases[0].size() == 3);
}

TEST_CASE("the same key twice is damage, though the first one's time is over") {
  const std::string overdue = "\xfd"s + std::string(4, '\0') + "\x00\x01k\x01v"s;
  const Loaded loaded(summed("REDIS0010"s + overdue + overdue + "\xff"s),
                      {.drop_expired = false, .now = kNow});
  CHECK(loaded.failure.starts_with("key \"k\" twice in database 0 at byte "));
}

TEST_CASE("damage is refused with its reason and its byte") {
  const auto failure = [](const std::string& body) {
    return Loaded(summed("REDIS0010"s + body)).failure;
  };
  CHECK(failure("\x01\x01k\x01v\xff"s) == "unknown type of value 1 at byte 9");
  CHECK(failure("\xfe\x10\xff"s) ==
        "database 16, but this server has 16 (parameter: databases) at byte 9");
  CHECK(failure("\x00\x01k\x01v\x00\x01k\x01w\xff"s) == "key \"k\" twice in database 0 at byte 14");
  CHECK(failure("\xf7\x01\x02\x03\xff"s) ==
        "data of a module, and this server loads no modules at byte 9");
  CHECK(failure("\xf6\x01\xff"s).ends_with("which nobody reads at byte 9"));
  CHECK(failure("\x00\x01k\xc4\xff"s) == "unknown string encoding 0xc4 at byte 12");
  CHECK(Loaded("NOTREDIS0010").failure == "not an RDB file: wrong signature at byte 0");
  CHECK(Loaded("REDIS0012\xff").failure == "can't handle RDB format version \"0012\" at byte 5");
  CHECK(Loaded("REDIS00x0\xff").failure == "can't handle RDB format version \"00x0\" at byte 5");
  CHECK(Loaded("").failure == "unexpected end of the file at byte 0");
}

TEST_CASE("a file before version 5 has no checksum") {
  CHECK(Loaded("REDIS0004\xfe\x00\x00\x01k\x01v\xff"s).get(0, "k") == "v");
  CHECK(Loaded("REDIS0005\xff"s).failure == "unexpected end of the file at byte 10");
}

TEST_CASE("no wrong bit and no missing byte goes unnoticed") {
  Databases databases;
  databases.open(16);
  databases[0].set_string("key:1", "value");
  databases[0].set_string("key:2", "12345");
  databases[0].expire_at(databases[0].set_string("key:3", std::string(100, 'a')), kNow + 1000);
  databases[9].set_string(std::string(70, 'k'), std::string(200, 'z') + "tail");
  const std::string file =
      file_of(databases, {.aux = {{"redis-ver", "7.2.6"}, {"ctime", "1700000000"}}});
  for (size_t at = 0; at < file.size(); ++at) {
    CHECK(Loaded(file.substr(0, at)).failure != "");
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = file;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      CHECK(Loaded(damaged).failure != "");
      // Without the sum nothing is promised but that it ends.
      Loaded careless(damaged, {.checksum = false, .now = kNow});
      CHECK(careless.databases.total_size() <= 5);
    }
  }
  CHECK(Loaded(file).failure == "");
}

TEST_CASE("one value as DUMP and RESTORE exchange it") {
  Databases databases;
  databases.open(1);
  const keyspace::Entry* entry = databases[0].set_string("k", "hello");
  util::ByteBuffer dump;
  append_dump(dump, kCodecs, *entry, 11);
  // redis-server 7.2: DUMP of "hello".
  CHECK(dump.view().substr(0, 9) == "\x00\x05hello\x0b\x00"s);
  const EntryHead head{.key = "other", .deadline = kNow, .clock = 5};
  keyspace::Entry* restored = load_dump(dump.view(), kCodecs, head);
  REQUIRE(restored != nullptr);
  CHECK(restored->key() == "other");
  CHECK(restored->text() == "hello");
  CHECK(restored->deadline() == kNow);
  keyspace::Keyspace::destroy(restored);
  for (size_t at = 0; at < dump.size(); ++at) {
    CHECK(load_dump(dump.view().substr(0, at), kCodecs, head) == nullptr);
    dump.data()[at] = static_cast<char>(dump.data()[at] ^ 0x10);
    CHECK(load_dump(dump.view(), kCodecs, head) == nullptr);
    dump.data()[at] = static_cast<char>(dump.data()[at] ^ 0x10);
  }
}

}  // namespace rdb
