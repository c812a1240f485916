// SPDX-License-Identifier: MIT
//
// Two threads: the test's, which stands for the loop, and the one that frees. Meant for ThreadSanitizer too.
#include "10-full-server/lazy_free/lazy_free.h"

#include <chrono>
#include <string>

#include "shared/keyspace/keyspace.h"
#include "shared/keyspace/testing_sink.h"
#include "shared/keyspace/type_descriptor.h"
#include "shared/testing/catch.h"

namespace lazy_free {

using keyspace::Entry;
using keyspace::Keyspace;
using keyspace::Lazily;

// A type of its own: a vector of so many strings.
using Strings = std::vector<std::string>;
static Strings* strings_of(const void* handle) { return *static_cast<Strings* const*>(handle); }

static const keyspace::TypeDescriptor& strings_type() {
  static const keyspace::TypeDescriptor kRow = {
      .id = keyspace::TypeId::Module,
      .name = "strings",
      .destroy = [](void* handle) { delete strings_of(handle); },
      .clone = [](const void*, void*) {},
      .length = [](const void* handle) { return strings_of(handle)->size(); },
      .memory = [](const Entry& entry) { return entry.allocation_size(); },
      .free_effort = [](const void* handle) { return strings_of(handle)->size(); },
      .encoding_name = [](const Entry&) -> std::string_view { return "vector"; },
  };
  return kRow;
}

struct Fixture {
  Fixture() {
    keyspace::register_type(strings_type());
    environment.sink = &sink;
    environment.lazy.disposal = &lazy;
  }
  Entry* add_strings(std::string_view key, size_t count) {
    auto* value = new Strings(count, std::string(100, 'x'));
    return keys.store(Entry::create({.key = key,
                                     .type = strings_type().id,
                                     .has_word = true,
                                     .word = reinterpret_cast<uint64_t>(value)}));
  }
  void wait() {
    while (lazy.pending() > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

  std::atomic<int> returns{0};
  keyspace::RecordingSink sink;
  keyspace::Environment environment;
  LazyFree lazy{[this] { ++returns; }};
  Keyspace keys{0, environment};
};

TEST_CASE("lazy free: a big value goes to the thread, a small one and a string do not") {
  Fixture f;
  f.add_strings("small", 64);
  f.add_strings("big", 65);
  f.keys.set_string("string", std::string(1'000'000, 'x'));
  for (const std::string_view key : {"small", "big", "string"}) CHECK(f.keys.erase(key, Lazily::Yes));
  f.wait();
  CHECK(f.lazy.freed() == 1);
  f.lazy.reset_statistics();
  CHECK(f.lazy.freed() == 0);
  f.add_strings("big", 1000);
  CHECK(f.keys.erase("big"));
  f.wait();
  CHECK(f.lazy.freed() == 0);
}

TEST_CASE("lazy free: what expires, is evicted or overwritten goes that way when it is asked for") {
  for (const bool lazily : {false, true}) {
    Fixture f;
    f.environment.lazy.expired = f.environment.lazy.evicted = f.environment.lazy.overwritten = lazily;
    f.environment.now = 1000;
    f.keys.expire_at(f.add_strings("expired", 100), 500);
    CHECK(f.keys.find("expired") == nullptr);
    f.keys.erase(f.add_strings("evicted", 100), keyspace::Lazily{f.environment.lazy.evicted});
    f.add_strings("overwritten", 100);
    f.keys.set_string("overwritten", "by a string");
    f.add_strings("replaced", 100);
    f.add_strings("replaced", 1);
    f.wait();
    CHECK(f.lazy.freed() == (lazily ? 4 : 0));
  }
}

TEST_CASE("lazy free: a whole database leaves at once, and its memory comes back") {
  const uint64_t before = memory::used();
  {
    Fixture f;
    for (int i = 0; i < 20'000; ++i) {
      f.keys.set_string("k" + std::to_string(i), std::string(static_cast<size_t>(i % 300), 'x'));
    }
    f.keys.expire_at(f.keys.peek("k1"), 5);
    f.add_strings("strings", 1000);
    f.keys.clear(Lazily::Yes);
    CHECK(f.keys.size() == 0);
    CHECK(f.keys.volatile_count() == 0);
    f.keys.set_string("k1", "new");  // while the old ones are being freed
    CHECK(f.keys.find("k1") != nullptr);
    f.wait();
    CHECK(f.lazy.freed() == 20'001);
    CHECK(f.keys.size() == 1);
  }
  CHECK(memory::used() == before);
}

TEST_CASE("lazy free: blobs that are still being sent come back to the loop") {
  const uint64_t before = memory::used();
  {
    Fixture f;
    std::vector<util::Blob> sent;
    for (int i = 0; i < 2000; ++i) {
      Entry* entry = f.keys.set_string(std::to_string(i), std::string(500, 'x'));
      if (i % 10 == 0) sent.push_back(keyspace::string_blob(*entry));
    }
    f.keys.clear(Lazily::Yes);
    // Replies leave while the thread frees: counts go down under its eyes.
    while (sent.size() > 50) sent.pop_back();
    f.wait();
    f.lazy.take_back();
    for (const util::Blob& blob : sent) REQUIRE(blob.view() == std::string(500, 'x'));
    for (const util::Blob& blob : sent) REQUIRE_FALSE(blob.shared());
    CHECK(f.returns > 0);
  }
  CHECK(memory::used() == before);
}

TEST_CASE("lazy free: stopping frees what was buried") {
  const uint64_t before = memory::used();
  {
    Fixture f;
    for (int i = 0; i < 50; ++i) f.add_strings(std::to_string(i), 1000);
    for (int i = 0; i < 50; ++i) f.keys.erase(std::to_string(i), Lazily::Yes);
    f.lazy.stop();
    CHECK(f.lazy.pending() == 0);
    CHECK(f.lazy.freed() == 50);
  }
  CHECK(memory::used() == before);
}

}  // namespace lazy_free
