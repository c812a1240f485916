// SPDX-License-Identifier: MIT
//
// Lists: a model with random changes under many limits, Redis' rules for turning into a chain and
// back, nodes as files hold them, memory.
#include "10-full-server/types/list.h"

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

#include "10-full-server/types/testing_hex.h"
#include "shared/keyspace/edit.h"
#include "shared/testing/catch.h"
#include "shared/util/memory.h"
#include "shared/util/random.h"

namespace types {

namespace {

using Model = std::deque<std::string>;

// Settings for one test.
struct Configured {
  explicit Configured(int size, size_t threshold = ListSettings().packed_threshold) {
    list_settings = {.max_listpack_size = size, .packed_threshold = threshold};
  }
  ~Configured() { list_settings = ListSettings(); }
};

std::string text_of(const ListCursor& cursor) {
  PackedValue::Scratch scratch;
  return std::string(cursor.value().text(scratch));
}

Model forwards(const List& list) {
  Model model;
  for (ListCursor each = list.front(); each; each.next()) model.push_back(text_of(each));
  return model;
}

Model backwards(const List& list) {
  Model model;
  for (ListCursor each = list.back(); each; each.previous()) model.push_front(text_of(each));
  return model;
}

List reloaded(const List& list) {
  List copy;
  list.for_each_node([&](bool plain, std::string_view bytes) {
    REQUIRE((plain || Listpack::validate(bytes)));
    copy.append_node(plain, bytes);
  });
  return copy;
}

void check_equal(const List& list, const Model& model) {
  REQUIRE(list.size() == model.size());
  REQUIRE(forwards(list) == model);
  REQUIRE(backwards(list) == model);
}

std::string random_text(util::Random& random) {
  switch (random.below(6)) {
    case 0:
      return std::to_string(static_cast<int64_t>(random.next()) >> random.below(64));
    case 1:
      return std::string(random.below(300), 'x');
    case 2:
      return random.below(12) == 0 ? std::string(random.below(9000), 'y') : "";
    default:
      return "t" + std::to_string(random.below(20));
  }
}

size_t remove_from(Model& model, const std::string& text, int64_t count) {
  size_t removed = 0;
  const size_t limit = count == 0 ? model.size() : static_cast<size_t>(std::abs(count));
  for (size_t i = 0; i < model.size() && removed < limit;) {
    const size_t index = count < 0 ? model.size() - 1 - i : i;
    if (model[index] != text) {
      ++i;
      continue;
    }
    model.erase(model.begin() + static_cast<std::ptrdiff_t>(index));
    ++removed;
  }
  return removed;
}

void add_or_look(List& list, Model& model, util::Random& random) {
  const std::string text = random_text(random);
  const auto some = [&](size_t bound) { return static_cast<size_t>(random.below(bound)); };
  switch (random.below(9)) {
    case 0:
    case 1:
      list.push_back(text);
      model.push_back(text);
      break;
    case 2:
    case 3:
      list.push_front(text);
      model.push_front(text);
      break;
    case 4: {
      const std::string other = random_text(random);
      const std::string_view both[] = {text, other};
      list.push(ListEnd::Front, both);
      model.push_front(text);
      model.push_front(other);
      break;
    }
    case 5:
    case 6: {
      const std::string pivot = model.empty() ? "" : model[some(model.size())];
      const auto found = std::find(model.begin(), model.end(), pivot);
      const bool behind = random.below(2) == 0;
      REQUIRE(list.insert(behind ? ListEnd::Back : ListEnd::Front, pivot, text) ==
              (found != model.end()));
      if (found != model.end()) model.insert(found + (behind ? 1 : 0), text);
      break;
    }
    case 7: {
      const size_t index = some(model.size() + 1);
      const bool there = index < model.size();
      const auto shown = static_cast<int64_t>(index);
      const auto size = static_cast<int64_t>(model.size());
      REQUIRE(list.set(there && index % 2 == 0 ? shown - size : shown, text) == there);
      if (there) model[index] = text;
      break;
    }
    default: {
      if (model.empty()) break;
      const size_t index = some(model.size());
      REQUIRE(text_of(list.at(static_cast<int64_t>(index))) == model[index]);
      REQUIRE_FALSE(list.at(static_cast<int64_t>(model.size())));
      REQUIRE_FALSE(list.at(-static_cast<int64_t>(model.size()) - 1));
      break;
    }
  }
}

void take_away(List& list, Model& model, util::Random& random) {
  const auto some = [&](size_t bound) { return static_cast<size_t>(random.below(bound)); };
  const auto place = [&](size_t index) {
    return model.begin() + static_cast<std::ptrdiff_t>(index);
  };
  switch (random.below(5)) {
    case 0: {
      const std::string victim = model[some(model.size())];
      const auto count = static_cast<int64_t>(random.below(7)) - 3;
      REQUIRE(list.remove(victim, count) == remove_from(model, victim, count));
      break;
    }
    case 1: {
      const size_t index = some(model.size());
      const size_t count = some(std::min<size_t>(model.size() - index, 30) + 1);
      list.erase_range(index, count);
      model.erase(place(index), place(index + count));
      break;
    }
    case 2:
    case 3:
      list.pop_front();
      model.pop_front();
      break;
    default:
      list.pop_back();
      model.pop_back();
  }
}

// One random change of both.
void change(List& list, Model& model, util::Random& random, size_t about) {
  if (random.below(model.size() > about ? 14 : 9) < 9) {
    add_or_look(list, model, random);
  } else {
    take_away(list, model, random);
  }
  if (random.below(3) == 0) list.shrink();
}

}  // namespace

TEST_CASE("list: an empty one allocates nothing") {
  const uint64_t before = memory::used();
  List list;
  CHECK(list.empty());
  CHECK(list.encoding_name() == "listpack");
  CHECK_FALSE(list.front());
  CHECK_FALSE(list.back());
  CHECK_FALSE(list.set(0, "x"));
  CHECK_FALSE(list.insert(ListEnd::Back, "x", "y"));
  CHECK(list.remove("x", 0) == 0);
  list.erase_range(0, 0);
  list.shrink();
  list.settle();
  CHECK(list.clone().empty());
  CHECK(memory::used() == before);
}

TEST_CASE("list: against a deque, with random changes under many limits") {
  struct Case {
    int size;
    size_t threshold;
  };
  const uint64_t before = memory::used();
  for (const Case each : {Case{-2, size_t{1} << 30}, Case{-1, 200}, Case{4, size_t{1} << 30},
                          Case{1, 5}, Case{0, 3}, Case{30, 250}, Case{-5, 1}}) {
    const Configured configured(each.size, each.threshold);
    util::Random random(static_cast<uint64_t>(each.size + 100));
    List list;
    Model model;
    for (int step = 0; step < 4000; ++step) {
      change(list, model, random, each.size < 0 ? 400 : 60);
      if (step % 16 == 0) check_equal(list, model);
      if (step % 64 == 0) {
        const List copy = list.clone();
        REQUIRE(copy.encoding_name() == list.encoding_name());
        check_equal(copy, model);
        List read = reloaded(list);
        read.settle();
        check_equal(read, model);
        REQUIRE((list.empty() || list.memory_size() > 0));
      }
    }
    check_equal(list, model);
  }
  CHECK(memory::used() == before);
}

TEST_CASE("list: it is a listpack up to the limit, and again from half of it on") {
  const Configured configured(4);
  List list;
  for (const char* text : {"a", "b", "c", "d"}) list.push_back(text);
  CHECK(list.encoding_name() == "listpack");
  list.push_back("e");
  CHECK(list.encoding_name() == "quicklist");
  CHECK(list.node_count() == 2);
  list.pop_back();
  list.shrink();
  list.pop_back();
  list.shrink();
  CHECK(list.encoding_name() == "quicklist");  // three elements, the limit's half is two
  list.pop_back();
  list.shrink();
  CHECK(list.encoding_name() == "listpack");
  check_equal(list, {"a", "b"});
}

TEST_CASE("list: what a command adds is counted before the first of it is added") {
  const Configured configured(-2);
  List list;
  const std::string half(4000, 'x');
  list.push_back(half);
  const std::string_view two[] = {half, half};
  CHECK(list.encoding_name() == "listpack");
  list.push(ListEnd::Back, two);
  CHECK(list.encoding_name() == "quicklist");
  CHECK(list.node_count() == 2);
  List other;
  other.push_back(std::string(8185, 'x'));  // with 7 bytes of the listpack: 8192
  CHECK(other.encoding_name() == "listpack");
  List third;
  third.push_back(std::string(8186, 'x'));
  CHECK(third.encoding_name() == "quicklist");
}

TEST_CASE("list: a long text is a node of its own, unpacked") {
  const Configured configured(-2, 100);
  List list;
  list.push_back(std::string(9000, 'p'));
  list.push_back("1");
  list.push_front(std::string(100, 'q'));
  list.push_back(std::string(99, 'r'));
  std::string shape;
  list.for_each_node([&](bool plain, std::string_view bytes) {
    shape += (plain ? "plain " : "packed ") + std::to_string(bytes.size()) + ", ";
  });
  CHECK(shape == "plain 100, plain 9000, packed 111, ");
  CHECK(list.set(0, "short"));
  CHECK(list.set(2, std::string(500, 's')));
  CHECK(list.node_count() == 4);
  check_equal(list, {"short", std::string(9000, 'p'), std::string(500, 's'), std::string(99, 'r')});
}

TEST_CASE("list: nodes are read as they were written, empty ones are left out") {
  List list;
  list.append_node(false, from_hex("070000000000ff"));
  CHECK(list.empty());
  list.append_node(false, from_hex("0900000001000101ff"));
  list.append_node(true, "plain");
  list.settle();
  CHECK(list.encoding_name() == "quicklist");
  check_equal(list, {"1", "plain"});
  List small;
  small.append_node(false, from_hex("0900000001000101ff"));
  small.settle();
  CHECK(small.encoding_name() == "listpack");
  check_equal(small, {"1"});
}

TEST_CASE("list: a queue and a stack of many elements keep their memory in bounds") {
  const uint64_t before = memory::used();
  {
    List list;
    const auto name = [](int i) { return "item:" + std::to_string(10000000 + i); };
    for (int i = 0; i < 200000; ++i) list.push_back(name(i));
    const size_t full = list.memory_size();
    CHECK(full < size_t{200000} * 17);  // 13 bytes of text, 2 of encoding, the chunks' ends
    CHECK(memory::used() - before <= full + 64);
    CHECK(text_of(list.at(123456)) == name(123456));
    for (int i = 0; i < 200000; ++i) {  // a queue: one in, one out
      list.push_back(name(200000 + i));
      REQUIRE(text_of(list.front()) == name(i));
      list.pop_front();
    }
    CHECK(list.memory_size() < full + full / 16);
    for (int i = 0; i < 199999; ++i) list.pop_back();
    list.shrink();
    check_equal(list, {name(200000)});
    CHECK(list.memory_size() < 64);
  }
  CHECK(memory::used() == before);
}

TEST_CASE("list: both ends of one chunk may grow in turn") {
  List list;
  Model model;
  for (int i = 0; i < 3000; ++i) {
    const std::string text = std::to_string(i * 7919);
    list.push(i % 2 == 0 ? ListEnd::Front : ListEnd::Back, text);
    i % 2 == 0 ? model.push_front(text) : model.push_back(text);
  }
  check_equal(list, model);
}

TEST_CASE("list: as a value in the keyspace") {
  static_assert(keyspace::Stored<List>);
  List list;
  for (int i = 0; i < 5000; ++i) list.push_back(std::to_string(i));
  alignas(List) unsigned char copy[sizeof(List)];
  const keyspace::TypeDescriptor& type = List::descriptor();
  type.clone(&list, copy);
  CHECK(type.length(copy) == 5000);
  CHECK(type.free_effort(copy) == list.node_count());
  type.destroy(copy);
}

}  // namespace types
