// SPDX-License-Identifier: MIT
// Streams against a sorted map: adding, deleting, trimming, reading in both directions; ids; groups; chunks whose bytes
// were damaged.
#include "10-full-server/types/stream.h"

#include <map>
#include <set>
#include <string>
#include <vector>

#include "10-full-server/types/stream_reader.h"
#include "shared/testing/catch.h"
#include "shared/util/random.h"

namespace types {
namespace {

using Fields = std::vector<std::string>;
using Model = std::map<StreamId, Fields>;

struct Settings {
  explicit Settings(uint64_t bytes, int64_t entries) : before(stream_settings) {
    stream_settings = {bytes, entries};
  }
  ~Settings() { stream_settings = before; }
  StreamSettings before;
};

void append(Stream& stream, Model& model, StreamId id, const Fields& fields) {
  const std::vector<std::string_view> views(fields.begin(), fields.end());
  stream.append(id, views);
  model[id] = fields;
}

Fields fields_of(const StreamEntry& entry) {
  Fields result;
  PackedValue::Scratch scratch;
  entry.for_each_field([&](PackedValue field, PackedValue value) {
    result.emplace_back(field.text(scratch));
    result.emplace_back(value.text(scratch));
  });
  return result;
}

Model read(const Stream& stream, StreamId from, StreamId to, StreamReader::Direction direction) {
  Model result;
  StreamId last = direction == StreamReader::Direction::Forwards ? kFirstStreamId : kLastStreamId;
  for (StreamReader reader(stream, from, to, direction); reader.next();) {
    const StreamId id = reader.entry().id;
    CHECK((direction == StreamReader::Direction::Forwards ? id > last : id < last));
    last = id;
    result[id] = fields_of(reader.entry());
  }
  return result;
}

void check_equal(const Stream& stream, const Model& model) {
  CHECK(stream.size() == model.size());
  for (const auto direction :
       {StreamReader::Direction::Forwards, StreamReader::Direction::Backwards}) {
    CHECK(read(stream, kFirstStreamId, kLastStreamId, direction) == model);
  }
  CHECK(stream.head().first_id == (model.empty() ? StreamId{} : model.begin()->first));
  CHECK(stream.last_entry_id() ==
        (model.empty() ? std::nullopt : std::optional(model.rbegin()->first)));
}

Fields random_fields(util::Random& random) {
  Fields fields;
  const size_t count = 1 + random.below(3);
  const bool usual = random.below(4) != 0;
  for (size_t i = 0; i < (usual ? 2 : count); ++i) {
    fields.push_back(usual ? "field" + std::to_string(i) : std::to_string(random.below(5)));
    fields.push_back(random.below(2) == 0
                         ? std::to_string(random.next() >> random.below(64))
                         : std::string(random.below(random.below(20) == 0 ? 5000 : 80), 'v'));
  }
  return fields;
}

StreamId next_id(util::Random& random, StreamId last) {
  if (random.below(3) == 0) return {last.ms + 1 + random.below(1000), random.below(3)};
  return {last.ms, last.seq + 1 + random.below(3)};
}

void trim_both(Stream& stream, Model& model, util::Random& random) {
  StreamTrim how;
  how.by = random.below(2) == 0 ? StreamTrim::By::Length : StreamTrim::By::Id;
  how.most = model.size() - std::min<size_t>(model.size(), random.below(8));
  how.from = model.empty()
                 ? StreamId{5, 5}
                 : std::next(model.begin(),
                             static_cast<long>(random.below(std::min<size_t>(model.size(), 8))))
                       ->first;
  const size_t before = model.size();
  if (how.by == StreamTrim::By::Length) {
    while (model.size() > how.most) model.erase(model.begin());
  } else {
    model.erase(model.begin(), model.lower_bound(how.from));
  }
  CHECK(stream.trim(how) == before - model.size());
}

void play(uint64_t seed, size_t steps) {
  INFO("seed " << seed);
  util::Random random(seed);
  Stream stream;
  Model model;
  StreamId last;
  for (size_t step = 0; step < steps; ++step) {
    const uint64_t choice = random.below(20);
    if (choice < 14) {
      last = next_id(random, last);
      append(stream, model, last, random_fields(random));
    } else if (choice < 18 && !model.empty()) {
      const StreamId id =
          std::next(model.begin(), static_cast<long>(random.below(model.size())))->first;
      const StreamId ids[] = {id, {id.ms, id.seq + 100000}};
      CHECK(stream.erase(ids) == 1);
      model.erase(id);
    } else {
      trim_both(stream, model, random);
    }
    if (step % 16 == 0) check_equal(stream, model);
    const StreamId from{random.below(last.ms + 2), random.below(4)};
    const StreamId to{from.ms + random.below(2000), random.below(4)};
    if (step % 8 == 0 && from <= to) {
      const Model expected(model.lower_bound(from), model.upper_bound(to));
      CHECK(read(stream, from, to, StreamReader::Direction::Forwards) == expected);
      CHECK(read(stream, from, to, StreamReader::Direction::Backwards) == expected);
    }
  }
  check_equal(stream, model);
  check_equal(stream.clone(), model);
}

TEST_CASE("a stream holds what a sorted map would") {
  for (uint64_t seed = 1; seed <= 6; ++seed) play(seed, 600);
}

TEST_CASE("… in small chunks, and in chunks of many entries") {
  {
    const Settings small(0, 3);
    play(7, 400);
  }
  const Settings large(0, 0);
  play(8, 600);
}

TEST_CASE("a chunk begins when the last one is full, by entries or by bytes") {
  const Settings settings(4096, 100);
  Stream stream;
  Model model;
  for (uint64_t i = 1; i <= 250; ++i) append(stream, model, {i, 0}, {"f", "v"});
  CHECK(stream.chunks().size() == 3);
  CHECK(stream.chunks()[0].live() == 100);
  append(stream, model, {1000, 0}, {"f", std::string(5000, 'v')});
  CHECK(stream.chunks().size() == 4);
}

TEST_CASE("trimming whole chunks only leaves what would need a chunk to be changed") {
  const Settings settings(4096, 10);
  Stream stream;
  Model model;
  for (uint64_t i = 1; i <= 35; ++i) append(stream, model, {i, 0}, {"f", "v"});
  CHECK(stream.trim({.by = StreamTrim::By::Length, .whole_chunks = true, .most = 21}) == 10);
  CHECK(stream.trim({.by = StreamTrim::By::Length, .whole_chunks = true, .most = 0, .limit = 15}) ==
        10);
  CHECK(stream.trim({.by = StreamTrim::By::Id, .whole_chunks = true, .from = {25, 0}}) == 0);
  CHECK(stream.size() == 15);
  CHECK(stream.head().first_id == StreamId{21, 0});
}

TEST_CASE("ids are read as numbers are, and have neighbours") {
  CHECK(parse_stream_id("5-7", 0) == StreamId{5, 7});
  CHECK(parse_stream_id("5", 9) == StreamId{5, 9});
  CHECK(parse_stream_id("18446744073709551615-18446744073709551615", 0) == kLastStreamId);
  CHECK(parse_stream_id("007- 1", 0) == StreamId{7, 1});
  for (const char* text :
       {"", "-", "+", "5-", "-5", "a", "5-a", "5-1-1", "18446744073709551616", "5-*", "1--1"}) {
    INFO(text);
    CHECK(!parse_stream_id(text, 0));
  }
  CHECK(parse_stream_bound("-", 1) == kFirstStreamId);
  CHECK(parse_stream_bound("+", 1) == kLastStreamId);
  CHECK(parse_new_stream_id("5-*")->any_sequence);
  CHECK(!parse_new_stream_id("5-7")->any_sequence);
  CHECK(!parse_new_stream_id("*"));
  CHECK(StreamId{5, UINT64_MAX}.next() == StreamId{6, 0});
  CHECK(!kLastStreamId.next());
  CHECK(StreamId{5, 0}.previous() == StreamId{4, UINT64_MAX});
  CHECK(!kFirstStreamId.previous());
  CHECK(StreamIdText(kLastStreamId).view() == "18446744073709551615-18446744073709551615");
}

TEST_CASE("pending entries are in order, whatever order they come and go in") {
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    INFO("seed " << seed);
    util::Random random(seed);
    SortedBlocks<PendingId> blocks;
    std::set<StreamId> model;
    const uint64_t span = 1 + random.below(3000);
    for (int step = 0; step < 20000; ++step) {
      const bool growing = step % 8000 < 5000;
      const bool at_end = random.below(2) == 0;
      const StreamId id = growing && at_end && !model.empty()
                              ? StreamId{model.rbegin()->ms, model.rbegin()->seq + 1}
                              : StreamId{random.below(span), random.below(3)};
      if (random.below(4) != 0 && growing) {
        CHECK(blocks.insert({id}).second == model.insert(id).second);
      } else {
        const auto other = model.lower_bound(id);
        const StreamId gone = other == model.end() || random.below(8) == 0 ? id : *other;
        CHECK(blocks.erase(gone) == (model.erase(gone) == 1));
      }
      CHECK((blocks.find(id) != nullptr) == model.contains(id));
      if (step % 500 != 0) continue;
      CHECK(std::equal(blocks.begin(), blocks.end(), model.begin(), model.end(),
                       [](const PendingId& a, const StreamId& b) { return a.id == b; }));
      const auto bound = model.lower_bound(id);
      const auto ours = blocks.lower_bound(id);
      CHECK((bound == model.end() ? ours == blocks.end()
                                  : ours != blocks.end() && ours->id == *bound));
      if (!model.empty()) CHECK(blocks.back().id == *model.rbegin());
    }
    CHECK(blocks.size() == model.size());
  }
}

TEST_CASE("an entry is pending in its group and in one consumer") {
  StreamGroup group;
  StreamConsumer& alice = group.add_consumer("alice", 1);
  StreamConsumer& bob = group.add_consumer("bob", 1);
  for (uint64_t i = 1; i <= 4; ++i) group.deliver({i, 0}, alice, 10);
  group.assign(*group.find_pending({2, 0}), bob);
  CHECK(group.pending().size() == 4);
  CHECK(alice.pending().size() == 3);
  CHECK(bob.pending().front().id == StreamId{2, 0});
  CHECK(group.find_pending({2, 0})->consumer == &bob);
  group.deliver({2, 0}, alice, 20);
  CHECK(bob.pending().empty());
  CHECK(group.acknowledge({1, 0}));
  CHECK(!group.acknowledge({1, 0}));
  const StreamGroup copy(group);
  CHECK(copy.find_consumer("alice")->pending().size() == 3);
  CHECK(copy.find_pending({2, 0})->consumer == copy.find_consumer("alice"));
  CHECK(group.remove_consumer(alice) == 3);
  CHECK(group.pending().empty());
}

TEST_CASE("what a group has not been given is counted where it can be") {
  Stream stream;
  Model model;
  for (uint64_t i = 1; i <= 5; ++i) append(stream, model, {i, 0}, {"f", "v"});
  StreamGroup& group = *stream.add_group("g", {}, StreamGroup::kUnknownCount);
  CHECK(stream.lag(group) == 5);
  stream.advance(group, {1, 0});
  CHECK(group.entries_read == 1);
  group.last_delivered = {3, 0};
  group.entries_read = StreamGroup::kUnknownCount;
  CHECK(stream.lag(group) == std::nullopt);
  group.last_delivered = {5, 0};
  CHECK(stream.lag(group) == 0);
  const StreamId deleted[] = {{4, 0}};
  stream.erase(deleted);
  group.last_delivered = {2, 0};
  group.entries_read = 2;
  CHECK(stream.lag(group) == std::nullopt);
}

// Whatever is accepted can be read, deleted from and trimmed without touching what is not its own.
void use(Stream& stream) {
  for (const auto direction :
       {StreamReader::Direction::Forwards, StreamReader::Direction::Backwards}) {
    for (StreamReader reader(stream, kFirstStreamId, kLastStreamId, direction); reader.next();) {
      CHECK(fields_of(reader.entry()).size() % 2 == 0);
    }
  }
  if (const auto last = stream.last_entry_id()) {
    const StreamId ids[] = {*last, {1, 0}};
    stream.erase(ids);
  }
  stream.trim({.by = StreamTrim::By::Length, .most = 1});
  stream.trim({.by = StreamTrim::By::Id, .from = kLastStreamId});
}

TEST_CASE("a damaged chunk is refused or harmless") {
  util::Random random(3);
  Stream good;
  Model model;
  for (uint64_t i = 1; i <= 20; ++i) append(good, model, {i, i}, random_fields(random));
  const std::string bytes(good.chunks()[0].listpack());
  CHECK(Stream().append_chunk({1, 1}, bytes));
  for (size_t cut = 0; cut < bytes.size(); ++cut) {
    CHECK(!Stream().append_chunk({1, 1}, std::string_view(bytes).substr(0, cut)));
  }
  for (int i = 0; i < 20000; ++i) {
    std::string damaged = bytes;
    for (uint64_t flips = 1 + random.below(3); flips > 0; --flips) {
      damaged[random.below(damaged.size())] = static_cast<char>(random.next());
    }
    Stream stream;
    if (stream.append_chunk({1, 1}, damaged)) use(stream);
  }
}

}  // namespace
}  // namespace types
