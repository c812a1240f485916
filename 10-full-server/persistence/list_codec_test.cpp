// SPDX-License-Identifier: MIT
//
// Lists in Redis' files: what 7.2 and older versions wrote, what is written, damage.
#include <string>
#include <vector>

#include "10-full-server/persistence/codecs.h"
#include "10-full-server/types/list.h"
#include "10-full-server/types/list_limits.h"
#include "10-full-server/types/testing_hex.h"
#include "shared/keyspace/edit.h"
#include "shared/testing/catch.h"
#include "shared/util/random.h"

namespace persistence {

namespace {

using types::from_hex;
using types::List;

// An entry that goes with the test.
class Loaded {
 public:
  explicit Loaded(keyspace::Entry* entry) : entry_(entry) {}
  Loaded(const Loaded&) = delete;
  ~Loaded() {
    if (entry_ != nullptr) keyspace::Keyspace::destroy(entry_);
  }
  explicit operator bool() const { return entry_ != nullptr; }
  const keyspace::Entry& entry() const { return *entry_; }
  const List& list() const { return *keyspace::View<List>(entry_); }

  std::vector<std::string> elements() const {
    std::vector<std::string> found;
    types::PackedValue::Scratch scratch;
    for (auto each = list().front(); each; each.next()) {
      found.emplace_back(each.value().text(scratch));
    }
    return found;
  }

 private:
  keyspace::Entry* entry_;
};

void register_list() { keyspace::register_type(List::descriptor()); }

Loaded load(std::string_view value, uint8_t type_byte, std::string* failure = nullptr) {
  register_list();
  rdb::Decoder in(value);
  keyspace::Entry* const entry = list_codec().load(in, type_byte, {.key = "list"});
  if (failure != nullptr) *failure = in.failure();
  if (entry != nullptr && !in.ok()) {
    keyspace::Keyspace::destroy(entry);
    return Loaded(nullptr);
  }
  return Loaded(entry);
}

std::string saved(const keyspace::Entry& entry) {
  rdb::Encoder out(nullptr, {});
  list_codec().save(out, entry, 11);
  return std::string(out.view());
}

Loaded stored(List list) {
  register_list();
  return Loaded(keyspace::new_entry("list", std::move(list), keyspace::kNever, 0));
}

}  // namespace

TEST_CASE("list codec: a small list is one listpack, as Redis 7.2 writes it") {
  List list;
  for (const std::string_view text : {"a", "1", "hello"}) list.push_back(text);
  const Loaded entry = stored(std::move(list));
  const std::string expected = from_hex(
      "010213"
      "13000000"
      "0300"
      "816102"
      "0101"
      "8568656c6c6f06"
      "ff");
  CHECK(types::to_hex(saved(entry.entry())) == types::to_hex(expected));
  const Loaded again = load(expected, 18);
  REQUIRE(again);
  CHECK(again.elements() == std::vector<std::string>{"a", "1", "hello"});
  CHECK(again.list().encoding_name() == "listpack");
}

TEST_CASE("list codec: a long list and a large element come back with the same nodes") {
  types::list_settings = {.max_listpack_size = 3, .packed_threshold = 50};
  List list;
  for (int i = 0; i < 10; ++i) list.push_back(std::to_string(i));
  list.push_back(std::string(60, 'x'));
  list.push_front(std::string(200, 'y'));
  const size_t nodes = list.node_count();
  const Loaded entry = stored(std::move(list));
  const Loaded again = load(saved(entry.entry()), 18);
  types::list_settings = {};
  REQUIRE(again);
  CHECK(again.elements() == entry.elements());
  CHECK(again.list().node_count() == nodes);
  CHECK(again.list().encoding_name() == "quicklist");
}

TEST_CASE("list codec: the formats of older versions") {
  const std::vector<std::string> expected = {"a", "1", "hello"};
  const std::string ziplist = from_hex(
      "17"
      "170000000f0000000300000161"
      "03f2"
      "0205"
      "68656c6c6f"
      "ff");
  SECTION("elements") {
    const Loaded entry = load(from_hex("03"
                                       "0161"
                                       "c001"
                                       "0568656c6c6f"),
                              1);
    REQUIRE(entry);
    CHECK(entry.elements() == expected);
  }
  SECTION("a ziplist") {
    const Loaded entry = load(ziplist, 10);
    REQUIRE(entry);
    CHECK(entry.elements() == expected);
  }
  SECTION("nodes that are ziplists, an empty one among them") {
    const Loaded entry =
        load("\x03" + ziplist + from_hex("0b0b0000000a0000000000ff") + ziplist, 14);
    REQUIRE(entry);
    CHECK(entry.list().size() == 6);
    CHECK(entry.list().encoding_name() == "quicklist");
  }
}

TEST_CASE("list codec: an empty list is nothing, and no damage") {
  std::string failure;
  CHECK_FALSE(load(from_hex("00"), 18, &failure));
  CHECK(failure.empty());
  CHECK_FALSE(load(from_hex("0b0b0000000a0000000000ff"), 10, &failure));
  CHECK(failure.empty());
}

TEST_CASE("list codec: damage is refused") {
  std::string failure;
  const auto refused = [&](std::string_view hex, uint8_t type_byte) {
    return !load(from_hex(hex), type_byte, &failure) && !failure.empty();
  };
  CHECK(refused("01", 18));  // ends early
  CHECK(
      refused("0103"
              "0161",
              18));  // no kind of node
  CHECK(
      refused("0102"
              "0161",
              18));  // no listpack
  CHECK(
      refused("0101"
              "00",
              18));  // an empty plain node
  CHECK(
      refused("01"
              "0161",
              14));  // no ziplist
  CHECK(refused("0161", 10));
  CHECK(
      refused("05"
              "0161",
              1));
}

TEST_CASE("list codec: damaged bytes give a sound list or none") {
  List list;
  for (int i = 0; i < 30; ++i) list.push_back(i % 3 == 0 ? std::to_string(i * 1000) : "text");
  const std::string good = saved(stored(std::move(list)).entry());
  util::Random random(11);
  for (int round = 0; round < 20000; ++round) {
    std::string bytes = good;
    for (uint64_t flips = random.below(3) + 1; flips > 0; --flips) {
      bytes[random.below(bytes.size())] = static_cast<char>(random.below(256));
    }
    if (random.below(4) == 0) bytes.resize(random.below(bytes.size()));
    const Loaded entry = load(bytes, round % 2 == 0 ? 18 : 14);
    if (entry) CHECK(entry.elements().size() == entry.list().size());
  }
}

TEST_CASE("list rewriter: RPUSH and the deadline") {
  List list;
  list.push_back("one");
  list.push_back("2");
  register_list();
  const Loaded entry(keyspace::new_entry("list", std::move(list), 5000, 0));
  util::ByteBuffer out;
  rewrite_list(entry.entry(), out);
  CHECK(out.view() ==
        "*4\r\n$5\r\nRPUSH\r\n$4\r\nlist\r\n$3\r\none\r\n$1\r\n2\r\n"
        "*3\r\n$9\r\nPEXPIREAT\r\n$4\r\nlist\r\n$4\r\n5000\r\n");
}

}  // namespace persistence
