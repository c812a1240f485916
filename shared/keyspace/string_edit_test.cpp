// SPDX-License-Identifier: MIT
//
// The guards of strings: what each change leaves, in which encoding, with which deadline, and what
// is reported.
#include "shared/keyspace/string_edit.h"

#include <string>

#include "shared/keyspace/testing_sink.h"
#include "shared/testing/catch.h"
#include "shared/util/memory.h"

namespace keyspace {

namespace {

struct Fixture {
  Fixture() { environment.sink = &sink; }
  RecordingSink sink;
  Environment environment;
  Keyspace keys{0, environment};

  template <class Change>
  void edit(std::string_view key, Change&& change) {
    StringEdit guard(keys, key, keys.find(key, LookupFlags::Write));
    change(guard);
    guard.changed("test");
  }
  std::string get(std::string_view key) { return std::string(StringView(keys.find(key)).text()); }
  StringEncoding encoding(std::string_view key) {
    return static_cast<StringEncoding>(keys.find(key)->encoding());
  }
};

}  // namespace

TEST_CASE("string view: missing is empty, and says so") {
  Fixture fixture;
  const StringView missing(fixture.keys.find("k"));
  CHECK(missing);
  CHECK_FALSE(missing.exists());
  CHECK(missing.text().empty());
  CHECK_FALSE(missing.blob());
  CHECK_FALSE(StringView());
  fixture.keys.set_string("k", "-17");
  const StringView number(fixture.keys.find("k"));
  CHECK(number.exists());
  CHECK(number.text() == "-17");
  CHECK(number.length() == 3);
  fixture.keys.set_string("long", std::string(300, 'x'));
  CHECK(StringView(fixture.keys.find("long")).blob().size() == 300);
}

TEST_CASE(
    "string edit: nothing is created before the first change, and a change is reported once") {
  Fixture fixture;
  {
    StringEdit guard(fixture.keys, "k", nullptr);
    CHECK_FALSE(guard.exists());
    CHECK(guard.text().empty());
  }
  CHECK(fixture.keys.size() == 0);
  fixture.edit("k", [](StringEdit& guard) { guard.append("a"); });
  CHECK(fixture.get("k") == "a");
  CHECK(fixture.sink.heard == std::vector<std::string>{"test k 1"});
}

TEST_CASE("string edit: append, byte by byte through every shape") {
  Fixture fixture;
  std::string expected;
  for (int i = 0; i < 1200; ++i) {
    const char next = static_cast<char>('a' + i % 26);
    fixture.edit("k", [&](StringEdit& guard) { guard.append({&next, 1}); });
    expected += next;
    REQUIRE(fixture.get("k") == expected);
  }
  CHECK(fixture.encoding("k") == StringEncoding::Raw);
}

TEST_CASE("string edit: append to a number makes it a string; to nothing, a number stays one") {
  Fixture fixture;
  fixture.edit("k", [](StringEdit& guard) { guard.append("12"); });
  CHECK(fixture.encoding("k") == StringEncoding::Integer);
  fixture.edit("k", [](StringEdit& guard) { guard.append("34"); });
  CHECK(fixture.get("k") == "1234");
  CHECK(fixture.encoding("k") == StringEncoding::Raw);
}

TEST_CASE("string edit: write_at against a model") {
  util::Random random(9);
  const uint64_t before = memory::used();
  {
    Fixture fixture;
    std::string expected;
    for (int i = 0; i < 2000; ++i) {
      if (random.below(60) == 0) {
        expected = std::to_string(random.below(1000));
        fixture.keys.set_string("k", expected);
      }
      const size_t offset = random.below(random.below(10) == 0 ? 600 : 60);
      const std::string text(1 + random.below(30), static_cast<char>('a' + random.below(26)));
      fixture.edit("k", [&](StringEdit& guard) { guard.write_at(offset, text); });
      if (expected.size() < offset + text.size()) expected.resize(offset + text.size(), '\0');
      expected.replace(offset, text.size(), text);
      REQUIRE(fixture.get("k") == expected);
    }
    fixture.keys.clear();
  }
  CHECK(memory::used() == before);
}

TEST_CASE("string edit: resize against a model, through every shape") {
  util::Random random(10);
  Fixture fixture;
  std::string expected = "12";
  fixture.keys.set_string("k", expected);
  for (int i = 0; i < 2000; ++i) {
    const size_t length = random.below(random.below(5) == 0 ? 600 : 250);
    fixture.edit("k", [&](StringEdit& guard) {
      char* bytes = guard.resize(length);
      expected.resize(length, '\0');
      if (length > 0) bytes[length / 2] = expected[length / 2] = static_cast<char>('a' + i % 26);
    });
    REQUIRE(fixture.get("k") == expected);
    REQUIRE(fixture.encoding("k") == StringEncoding::Raw);
  }
}

TEST_CASE("string edit: what was only looked at need not be reported") {
  Fixture fixture;
  fixture.keys.set_string("k", "12");
  StringEdit guard(fixture.keys, "k", fixture.keys.find("k"));
  CHECK(std::string_view(guard.resize(2), 2) == "12");
  guard.unchanged();
  CHECK(fixture.sink.heard.empty());
}

TEST_CASE("string edit: every change keeps the deadline") {
  Fixture fixture;
  fixture.keys.expire_at(fixture.keys.set_string("k", "5"), 1'000'000);
  const auto kept = [&] {
    return fixture.keys.find("k")->deadline() == 1'000'000 && fixture.keys.volatile_count() == 1;
  };
  fixture.edit("k", [](StringEdit& guard) { guard.set_integer(6); });
  CHECK(kept());
  fixture.edit("k", [](StringEdit& guard) { guard.append("x"); });
  CHECK(kept());
  fixture.edit("k", [](StringEdit& guard) { guard.write_at(300, "y"); });
  CHECK(kept());
  fixture.edit("k", [](StringEdit& guard) { guard.assign("short"); });
  CHECK(kept());
  fixture.edit("k", [](StringEdit& guard) { guard.set_integer(-7); });
  CHECK(kept());
  CHECK(fixture.get("k") == "-7");
}

TEST_CASE("string edit: a reply that is being sent keeps the old bytes") {
  Fixture fixture;
  fixture.keys.set_string("k", std::string(1000, 'o'));
  const util::Blob reply = StringView(fixture.keys.find("k")).blob();
  fixture.edit("k", [](StringEdit& guard) { guard.write_at(0, "new"); });
  CHECK(reply.view() == std::string(1000, 'o'));
  CHECK(fixture.get("k").starts_with("newo"));
  fixture.edit("k", [](StringEdit& guard) { guard.append("tail"); });
  CHECK(fixture.get("k").size() == 1004);
}

TEST_CASE("string edit: appending to a long string allocates seldom") {
  Fixture fixture;
  fixture.keys.set_string("k", std::string(1000, 'x'));
  int moves = 0;
  const char* at = nullptr;
  for (int i = 0; i < 100'000; ++i) {
    fixture.edit("k", [](StringEdit& guard) { guard.append("y"); });
    const char* now = StringView(fixture.keys.find("k")).blob().view().data();
    moves += now != at ? 1 : 0;
    at = now;
  }
  CHECK(moves < 20);
}

}  // namespace keyspace
