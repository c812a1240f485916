// SPDX-License-Identifier: MIT
//
// View and Edit with a collection made for the test: a fresh one joins with changed(), an empty one
// leaves with it.
#include "shared/keyspace/edit.h"

#include <string>
#include <utility>
#include <vector>

#include "shared/keyspace/testing_sink.h"
#include "shared/testing/catch.h"
#include "shared/util/memory.h"

namespace keyspace {

namespace {

// A list of numbers behind one pointer; empty, it allocates nothing.
template <bool delete_when_empty>
class Numbers {
 public:
  static constexpr bool kDeleteWhenEmpty = delete_when_empty;
  static const TypeDescriptor& descriptor();

  Numbers() = default;
  Numbers(const Numbers&) = delete;
  Numbers& operator=(const Numbers&) = delete;
  ~Numbers() { delete values_; }

  bool empty() const { return size() == 0; }
  size_t size() const { return values_ == nullptr ? 0 : values_->size(); }
  void push(int value) {
    if (values_ == nullptr) values_ = new std::vector<int>;
    values_->push_back(value);
  }
  void pop() { values_->pop_back(); }
  void copy_to(void* place) const {
    auto* copy = new (place) Numbers;
    if (values_ != nullptr) copy->values_ = new std::vector<int>(*values_);
  }

 private:
  std::vector<int>* values_ = nullptr;
};

template <bool delete_when_empty>
const TypeDescriptor& Numbers<delete_when_empty>::descriptor() {
  static const TypeDescriptor row = {
      .id = delete_when_empty ? TypeId::List : TypeId::Stream,
      .name = delete_when_empty ? "list" : "stream",
      .destroy = [](void* handle) { static_cast<Numbers*>(handle)->~Numbers(); },
      .clone = [](const void* from, void* to) { static_cast<const Numbers*>(from)->copy_to(to); },
      .length = [](const void* handle) { return static_cast<const Numbers*>(handle)->size(); },
      .memory = [](const Entry& entry) { return entry.allocation_size(); },
      .free_effort = [](const void*) -> size_t { return 1; },
      .encoding_name = [](const Entry&) -> std::string_view { return "numbers"; },
  };
  return row;
}
using List = Numbers<true>;
using Stream = Numbers<false>;

using Heard = std::vector<std::string>;

struct Fixture {
  Fixture() {
    environment.sink = &sink;
    register_type(List::descriptor());
    register_type(Stream::descriptor());
  }
  RecordingSink sink;
  Environment environment;
  Keyspace keys{0, environment};

  template <class T>
  Edit<T> edit(std::string_view key) {
    return Edit<T>(keys, key, keys.find(key, LookupFlags::Write));
  }
  void fill(std::string_view key, int count) {
    auto list = edit<List>(key);
    for (int i = 0; i < count; ++i) list->push(i);
    list.changed(Event::List, "rpush", count);
    sink.heard.clear();
  }
};

}  // namespace

TEST_CASE("edit: a fresh collection joins the keyspace only with changed()") {
  Fixture fixture;
  const uint64_t before = memory::used();
  {
    auto list = fixture.edit<List>("k");
    CHECK(list);
    CHECK_FALSE(list.exists());
    list->push(1);
    list->push(2);
    CHECK(fixture.keys.size() == 0);
    CHECK(list.changed(Event::List, "rpush", 2));
    CHECK(list.exists());
    CHECK(list.read().size() == 2);
  }
  CHECK(fixture.keys.size() == 1);
  CHECK(fixture.sink.heard == Heard{"rpush k 2"});
  const View<List> view(fixture.keys.find("k"));
  CHECK(view->size() == 2);
  Heard().swap(fixture.sink.heard);
  fixture.keys.clear();
  CHECK(memory::used() == before);
}

TEST_CASE("edit: what was only looked at, or never filled, leaves nothing behind") {
  Fixture fixture;
  {
    auto list = fixture.edit<List>("k");
    CHECK(list.read().empty());
  }
  {
    auto list = fixture.edit<List>("k");
    CHECK(list->empty());
    list.unchanged();
  }
  {
    auto list = fixture.edit<List>("k");
    list->push(1);  // and then the command finds a reason not to
    list.unchanged();
  }
  CHECK(fixture.keys.size() == 0);
  CHECK(fixture.sink.heard.empty());
}

TEST_CASE("edit: an empty collection is deleted, and that is reported behind the change") {
  Fixture fixture;
  fixture.fill("k", 2);
  {
    auto list = fixture.edit<List>("k");
    list->pop();
    CHECK(list.changed(Event::List, "lpop", 1));
    list->pop();
    CHECK_FALSE(list.changed(Event::List, "lpop", 1));
    CHECK_FALSE(list.exists());
  }
  CHECK(fixture.keys.size() == 0);
  CHECK(fixture.sink.heard == Heard{"lpop k 1", "lpop k 1", "del k 0"});
}

TEST_CASE("edit: a type that may be empty stays") {
  Fixture fixture;
  {
    auto stream = fixture.edit<Stream>("s");
    stream->push(1);
    stream.changed(Event::Stream, "xadd", 1);
    stream->pop();
    CHECK(stream.changed(Event::Stream, "xdel", 1));
  }
  CHECK(fixture.keys.size() == 1);
  CHECK(View<Stream>(fixture.keys.find("s"))->empty());
}

TEST_CASE("view: a missing key reads as an empty collection") {
  Fixture fixture;
  const View<List> missing(fixture.keys.find("k"));
  CHECK(missing);
  CHECK_FALSE(missing.exists());
  CHECK(missing->size() == 0);
  CHECK_FALSE(View<List>());
}

TEST_CASE("collections are renamed, copied, given deadlines and overwritten like strings") {
  const uint64_t before = memory::used();
  {
    Fixture fixture;
    fixture.fill("a", 100);
    CHECK(fixture.keys.rename("a", "b"));
    fixture.keys.expire_at(fixture.keys.find("b"), 5000);
    fixture.keys.store(fixture.keys.clone(*fixture.keys.find("b"), "c"));
    {
      auto list = fixture.edit<List>("b");
      list->push(100);
      list.changed(Event::List, "rpush", 1);
    }
    CHECK(View<List>(fixture.keys.find("b"))->size() == 101);
    CHECK(View<List>(fixture.keys.find("c"))->size() == 100);
    CHECK(fixture.keys.find("c")->deadline() == 5000);
    CHECK(View<List>(fixture.keys.persist(fixture.keys.find("c")))->size() == 100);
    fixture.keys.set_string("b", "text");
    CHECK(fixture.keys.find("b")->type() == TypeId::String);
    fixture.fill("d", 3);
    fixture.keys.rename("d", "c");
    CHECK(View<List>(fixture.keys.find("c"))->size() == 3);
    fixture.keys.expire_at(fixture.keys.find("c"), 10);
    fixture.environment.now = 10;
    CHECK(fixture.keys.find("c") == nullptr);
    CHECK(fixture.keys.volatile_count() == 0);
  }
  CHECK(memory::used() == before);
}

TEST_CASE("types are found by name, in any case") {
  Fixture fixture;
  CHECK(find_type("LIST")->id == TypeId::List);
  CHECK(find_type("string")->id == TypeId::String);
  CHECK(find_type("no-such-type") == nullptr);
  fixture.fill("k", 1);
  CHECK(descriptor_of(*fixture.keys.find("k")).name == "list");
}

}  // namespace keyspace
