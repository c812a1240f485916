// SPDX-License-Identifier: MIT
//
// Streams there and back through DUMP's bytes, in all three formats; the bytes that Redis writes; damage; the log's requests.
#include <string>
#include <vector>

#include "10-full-server/persistence/codecs.h"
#include "10-full-server/types/stream_reader.h"
#include "shared/keyspace/edit.h"
#include "shared/testing/catch.h"
#include "shared/util/random.h"

namespace persistence {

using keyspace::Entry;
using types::Stream;
using types::StreamGroup;
using types::StreamId;

namespace {

const rdb::CodecTable& codecs() {
  static const rdb::CodecTable kTable = [] {
    keyspace::register_type(Stream::descriptor());
    rdb::CodecTable table;
    table.add(stream_codec());
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
  Stream& stream() const { return *static_cast<Stream*>(entry->word_address()); }
  Entry* entry;
};

void add(Stream& stream, StreamId id, std::initializer_list<std::string_view> fields) {
  stream.append(id, types::StreamFields(fields.begin(), fields.size()));
}

Entry* entry_of(Stream&& stream) {
  codecs();
  return keyspace::new_entry("s", std::move(stream), keyspace::kNever, 0);
}

// Entries, one of them deleted, and a group with two consumers.
Stream example() {
  Stream stream;
  for (uint64_t i = 1; i <= 250; ++i)
    add(stream, {i, i}, {"field", "value", "n", std::to_string(i)});
  const StreamId deleted[] = {{7, 7}};
  stream.erase(deleted);
  StreamGroup& group = *stream.add_group("g", {5, 5}, 5);
  types::StreamConsumer& alice = group.add_consumer("alice", 1000);
  alice.active_at = 2000;
  group.add_consumer("bob", 3000);
  for (uint64_t i = 1; i <= 5; ++i) group.deliver({i, i}, alice, 4000);
  stream.add_group("idle", {}, StreamGroup::kUnknownCount);
  return stream;
}

std::string dumped(const Entry& entry, int version) {
  util::ByteBuffer out;
  rdb::append_dump(out, codecs(), entry, version);
  return std::string(out.view());
}

Entry* loaded(std::string_view bytes) { return rdb::load_dump(bytes, codecs(), {.key = "s"}); }

Entry* loaded_value(std::string_view bytes) {
  rdb::Decoder in(bytes);
  const uint8_t type_byte = in.byte();
  Entry* entry = stream_codec().load(in, type_byte, {.key = "s"});
  REQUIRE((in.ok() || entry == nullptr));
  return entry;
}

std::string content(const Stream& stream) {
  std::string text;
  types::PackedValue::Scratch scratch;
  for (types::StreamReader reader(stream); reader.next();) {
    text.append(types::StreamIdText(reader.entry().id));
    reader.entry().for_each_field([&](types::PackedValue field, types::PackedValue value) {
      text.append(" ").append(field.text(scratch));
      text.append(" ").append(value.text(scratch));
    });
    text += '\n';
  }
  return text;
}

}  // namespace

TEST_CASE("streams: a stream comes back as it was, in every version's format") {
  const Held held(entry_of(example()));
  struct Row {
    int version;
    char type_byte;
  };
  for (const Row row : {Row{9, 15}, Row{10, 19}, Row{11, 21}}) {
    const std::string bytes = dumped(*held.entry, row.version);
    CHECK(bytes[0] == row.type_byte);
    const Held copy(loaded(bytes));
    REQUIRE(copy.entry != nullptr);
    Stream& stream = copy.stream();
    CHECK(content(stream) == content(held.stream()));
    CHECK(stream.head().first_id == StreamId{1, 1});
    CHECK(stream.head().last_id == StreamId{250, 250});
    CHECK(stream.head().max_deleted_id == (row.version >= 10 ? StreamId{7, 7} : StreamId{}));
    CHECK(stream.head().entries_added == (row.version >= 10 ? 250U : 249U));
    CHECK(stream.groups().size() == 2);
    StreamGroup& group = *stream.find_group("g");
    CHECK(group.last_delivered == StreamId{5, 5});
    CHECK(group.entries_read == (row.version >= 10 ? 5 : StreamGroup::kUnknownCount));
    CHECK(group.pending().size() == 5);
    CHECK(group.find_consumer("alice")->pending().size() == 5);
    CHECK(group.find_consumer("alice")->active_at == (row.version >= 11 ? 2000 : 1000));
    CHECK(group.find_consumer("bob")->active_at == (row.version >= 11 ? -1 : 3000));
    CHECK(group.find_pending({3, 3})->delivered_at == 4000);
  }
}

TEST_CASE("streams: the bytes are Redis' own") {
  Stream stream;
  add(stream, {1, 1}, {"f", "v"});
  add(stream, {2, 0}, {"f", "w", "x", "300"});
  stream.add_group("g", {1, 1}, StreamGroup::kUnknownCount);
  const Held held(entry_of(std::move(stream)));
  constexpr std::string_view kBytes(
      "\025\001\020\000\000\000\000\000\000\000\001\000\000\000\000\000\000\000\001\064\064\000"
      "\000\000\023\000\002\001\000\001\001\001\201\146\002\000\001\002\001\000\001\000\001\201"
      "\166\002\004\001\000\001\001\001\337\377\002\002\001\201\146\002\201\167\002\201\170\002"
      "\301\054\002\010\001\377\002\002\000\001\001\000\000\002\001\001\147\001\001\201\377\377"
      "\377\377\377\377\377\377\000\000\013\000\117\133\241\226\142\237\250\174",
      106);
  CHECK(dumped(*held.entry, 11) == kBytes);
  const Held copy(loaded(kBytes));
  REQUIRE(copy.entry != nullptr);
  CHECK(content(copy.stream()) == "1-1 f v\n2-0 f w x 300\n");
}

TEST_CASE("streams: an empty one is one too") {
  Stream stream;
  add(stream, {5, 0}, {"f", "v"});
  const StreamId deleted[] = {{5, 0}};
  stream.erase(deleted);
  const Held held(entry_of(std::move(stream)));
  const Held copy(loaded(dumped(*held.entry, 11)));
  REQUIRE(copy.entry != nullptr);
  CHECK(copy.stream().size() == 0);
  CHECK(copy.stream().head().last_id == StreamId{5, 0});
}

// Whatever is accepted can be read and changed.
static void use(Stream& stream) {
  content(stream);
  for (const auto& [name, group] : stream.groups()) stream.lag(group);
  stream.trim({.by = types::StreamTrim::By::Length, .most = 1});
  add(stream, {UINT64_MAX, UINT64_MAX}, {"f", "v"});
}

TEST_CASE("streams: damage is refused or harmless") {
  types::stream_settings.node_max_entries = 3;
  Stream small;
  for (uint64_t i = 1; i <= 7; ++i) add(small, {i, i}, {"f", "v"});
  types::stream_settings = {};
  StreamGroup& group = *small.add_group("g", {2, 2}, 2);
  types::StreamConsumer& alice = group.add_consumer("alice", 1);
  group.deliver({1, 1}, alice, 2);
  group.deliver({2, 2}, alice, 2);
  const Held held(entry_of(std::move(small)));
  std::string bytes = dumped(*held.entry, 11);
  bytes.resize(bytes.size() - 10);  // without version and checksum
  const Held whole(loaded_value(bytes));
  CHECK(whole.entry != nullptr);
  for (size_t cut = 1; cut < bytes.size(); ++cut) {
    CHECK(loaded_value(std::string_view(bytes).substr(0, cut)) == nullptr);
  }
  util::Random random(5);
  for (int i = 0; i < 20000; ++i) {
    std::string damaged = bytes;
    for (uint64_t flips = 1 + random.below(3); flips > 0; --flips) {
      damaged[1 + random.below(damaged.size() - 1)] = static_cast<char>(random.next());
    }
    const Held survivor(loaded_value(damaged));
    if (survivor.entry != nullptr && survivor.stream().head().last_id != types::kLastStreamId) {
      use(survivor.stream());
    }
  }
}

TEST_CASE("streams: a log says how to make it again") {
  const auto words_of = [](Stream&& stream) {
    const Held held(entry_of(std::move(stream)));
    util::ByteBuffer out;
    rewrite_stream(*held.entry, out);
    std::string words;
    for (std::string_view rest = out.view(); !rest.empty();) {
      const size_t end = rest.find("\r\n");
      const std::string_view line = rest.substr(0, end);
      if (line[0] == '*') words += words.empty() ? "" : ";";
      if (line[0] != '*' && line[0] != '$')
        words.append(words.ends_with(';') || words.empty() ? "" : " ").append(line);
      rest.remove_prefix(end + 2);
    }
    return words;
  };
  Stream stream;
  add(stream, {1, 1}, {"f", "7"});
  StreamGroup& group = *stream.add_group("g", {1, 1}, 1);
  group.deliver({1, 1}, group.add_consumer("alice", 5), 6);
  group.add_consumer("bob", 5);
  CHECK(words_of(std::move(stream)) ==
        "XADD s 1-1 f 7;XSETID s 1-1 ENTRIESADDED 1 MAXDELETEDID 0-0;"
        "XGROUP CREATE s g 1-1 ENTRIESREAD 1;"
        "XCLAIM s g alice 0 1-1 TIME 6 RETRYCOUNT 1 JUSTID FORCE;XGROUP CREATECONSUMER s g bob");
  Stream empty;
  empty.create();
  CHECK(words_of(std::move(empty)) ==
        "XADD s MAXLEN 0 0-1 x y;XSETID s 0-0 ENTRIESADDED 0 MAXDELETEDID 0-0");
}

}  // namespace persistence
