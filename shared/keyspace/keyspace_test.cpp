// SPDX-License-Identifier: MIT
//
// One database against a model, with a `now` that the test sets: what is stored, replaced, renamed,
// copied and expired is what the model says, and all memory comes back.
#include "shared/keyspace/keyspace.h"

#include <map>
#include <optional>
#include <string>

#include "shared/keyspace/databases.h"
#include "shared/keyspace/testing_sink.h"
#include "shared/testing/catch.h"
#include "shared/util/memory.h"

namespace keyspace {

namespace {

using Heard = std::vector<std::string>;

struct Fixture {
  Fixture() {
    environment.sink = &sink;
    environment.now = 1000;
  }
  RecordingSink sink;
  Environment environment;
  Keyspace keys{0, environment};

  std::optional<std::string> get(std::string_view key) {
    StringScratch scratch;
    const Entry* entry = keys.find(key, LookupFlags::Peek);
    return entry == nullptr ? std::nullopt
                            : std::optional(std::string(string_text(*entry, scratch)));
  }
};

struct Value {
  std::string text;
  UnixMs deadline = kNever;
  bool operator==(const Value&) const = default;
};
using Model = std::map<std::string, Value>;

// Values of every shape, and among them many pairs of equal shape.
std::string some_value(util::Random& random) {
  switch (random.below(5)) {
    case 0:
      return std::to_string(static_cast<int64_t>(random.next()));
    case 1:
      return std::string(random.below(4), 'a' + static_cast<char>(random.below(26)));
    case 2:
      return std::string(40 + random.below(10), 'm');
    case 3:
      return std::string(185 + random.below(15), 'n');
    default:
      return std::string(1000 + random.below(3), 'b' + static_cast<char>(random.below(20)));
  }
}

std::string some_key(util::Random& random) {
  const std::string key = "key:" + std::to_string(random.below(300));
  return random.below(20) == 0 ? std::string(260, 'K') + key : key;
}

void check(Fixture& fixture, const Model& model) {
  REQUIRE(fixture.keys.size() == model.size());
  size_t with_deadline = 0;
  Model held;
  fixture.keys.for_each([&](Entry* entry) {
    StringScratch scratch;
    held[std::string(entry->key())] = {std::string(string_text(*entry, scratch)),
                                       entry->deadline()};
    with_deadline += entry->has_deadline() ? 1 : 0;
  });
  REQUIRE(held == model);
  REQUIRE(fixture.keys.volatile_count() == with_deadline);
}

class Player {
 public:
  Player(Fixture& fixture, Model& model, uint64_t seed)
      : fixture_(fixture), model_(model), random_(seed) {}

  void step() {
    const std::string key = some_key(random_);
    forget_if_expired(key);
    switch (random_.below(11)) {
      case 0:
      case 1:
      case 2:
        return set(key);
      case 3:
        return erase(key);
      case 4:
      case 5:
        return expire(key);
      case 6:
        return persist(key);
      case 7:
        return rename(key, some_key(random_));
      case 8:
        return copy(key, some_key(random_));
      case 9:
        pass_time();
        return;
      default:
        look_up(key);
    }
  }

 private:
  bool expired(const std::string& key) const {
    const auto found = model_.find(key);
    return found != model_.end() && found->second.deadline != kNever && found->second.deadline <= fixture_.environment.now;
  }
  // As every command does: it looks the key up first.
  void forget_if_expired(const std::string& key) {
    if (expired(key)) model_.erase(key);
    fixture_.keys.find(key, LookupFlags::Write);
  }
  void set(const std::string& key) {
    const std::string text = some_value(random_);
    const KeepTtl keep = random_.below(2) == 0 ? KeepTtl::Yes : KeepTtl::No;
    const Entry* entry = random_.below(4) == 0 ? fixture_.keys.set_blob(key, util::Blob(text), keep)
                                               : fixture_.keys.set_string(key, text, keep);
    REQUIRE(entry->key() == key);
    Value& value = model_[key];
    value.text = text;
    if (keep == KeepTtl::No) value.deadline = kNever;
  }
  void erase(const std::string& key) {
    REQUIRE(fixture_.keys.erase(key) == (model_.erase(key) == 1));
  }
  void expire(const std::string& key) {
    Entry* entry = fixture_.keys.find(key, LookupFlags::Write);
    REQUIRE((entry != nullptr) == model_.contains(key));
    if (entry == nullptr) return;
    const UnixMs deadline = fixture_.environment.now + 1 + static_cast<UnixMs>(random_.below(300));
    REQUIRE(fixture_.keys.expire_at(entry, deadline)->deadline() == deadline);
    model_[key].deadline = deadline;
  }
  void persist(const std::string& key) {
    Entry* entry = fixture_.keys.find(key, LookupFlags::Write);
    if (entry == nullptr) return;
    REQUIRE_FALSE(fixture_.keys.persist(entry)->has_deadline());
    model_[key].deadline = kNever;
  }
  void rename(const std::string& from, const std::string& to) {
    REQUIRE(fixture_.keys.rename(from, to) == model_.contains(from));
    if (!model_.contains(from)) return;
    const Value value = model_[from];
    model_.erase(from);
    model_[to] = value;
  }
  void copy(const std::string& from, const std::string& to) {
    const Entry* entry = fixture_.keys.find(from, LookupFlags::Read);
    if (entry == nullptr || from == to) return;
    fixture_.keys.store(fixture_.keys.clone(*entry, to));
    model_[to] = model_[from];
  }
  void look_up(const std::string& key) {
    const auto text = fixture_.get(key);
    REQUIRE(text.has_value() == model_.contains(key));
    if (text) REQUIRE(*text == model_.at(key).text);
  }
  void pass_time() {
    fixture_.environment.now += static_cast<UnixMs>(random_.below(20));
    // Half of the time everybody who is due is met.
    if (random_.below(2) == 0) return;
    Model due;
    for (const auto& each : model_) {
      if (expired(each.first)) due.insert(each);
    }
    for (const auto& each : due) forget_if_expired(each.first);
  }

  Fixture& fixture_;
  Model& model_;
  util::Random random_;
};

}  // namespace

TEST_CASE(
    "keyspace: a model holds the same after every random history, and clear() gives everything "
    "back") {
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    Model model;
    Fixture fixture;
    fixture.sink.heard.reserve(100'000);
    Player player(fixture, model, seed);
    for (int i = 0; i < 6000; ++i) {
      player.step();
      if (i % 500 == 0) check(fixture, model);
    }
    check(fixture, model);
    fixture.keys.clear();
    CHECK(fixture.keys.size() == 0);
    CHECK(fixture.keys.table().memory_size() == 0);
  }
}

TEST_CASE("keyspace: memory returns to where it was") {
  Fixture fixture;
  const uint64_t before = memory::used();
  for (int i = 0; i < 3000; ++i) {
    const std::string key = std::to_string(i);
    Entry* entry = fixture.keys.set_string(key, std::string(static_cast<size_t>(i) % 400, 'x'));
    if (i % 3 == 0) fixture.keys.expire_at(entry, 5000);
    if (i % 7 == 0) fixture.keys.rename(key, "other:" + key);
  }
  const uint64_t full = memory::used();
  fixture.keys.clear();
  const uint64_t after = memory::used();
  CHECK(full > before + 3000 * 200);
  CHECK(after == before);
}

TEST_CASE("keyspace: a master deletes what has expired when it meets it, and says so once") {
  Fixture fixture;
  fixture.keys.expire_at(fixture.keys.set_string("k", "v"), 2000);
  fixture.environment.now = 1999;
  CHECK(fixture.get("k") == "v");
  fixture.environment.now = 2000;
  CHECK(fixture.keys.size() == 1);
  CHECK(fixture.keys.find("k") == nullptr);
  CHECK(fixture.keys.size() == 0);
  CHECK(fixture.keys.find("k") == nullptr);
  CHECK(fixture.sink.heard == Heard{"expired k"});
  CHECK(fixture.environment.expired == 1);
}

TEST_CASE("keyspace: what has expired is deleted before something is stored there, and leaves no deadline") {
  Fixture fixture;
  const auto expire = [&](std::string_view key) {
    fixture.keys.expire_at(fixture.keys.set_string(key, "old"), fixture.environment.now + 1);
  };
  expire("kept");
  expire("copied");
  fixture.environment.now += 1;
  CHECK_FALSE(fixture.keys.set_string("kept", "new", KeepTtl::Yes)->has_deadline());
  CHECK(fixture.get("kept") == "new");
  fixture.keys.store(fixture.keys.clone(*fixture.keys.peek("kept"), "copied"));
  CHECK(fixture.get("copied") == "new");
  CHECK(fixture.sink.heard == Heard{"expired kept", "expired copied"});
  CHECK(fixture.environment.expired == 2);

  expire("hidden");
  fixture.environment.now += 1;
  fixture.environment.expiry = ExpiryMode::Hide;
  CHECK_FALSE(fixture.keys.set_string("hidden", "new", KeepTtl::Yes)->has_deadline());
  CHECK(fixture.sink.heard.size() == 2);
}

TEST_CASE("keyspace: a replica hides it, its master's stream does not even ask") {
  Fixture fixture;
  fixture.keys.expire_at(fixture.keys.set_string("k", "v"), 2000);
  fixture.environment.now = 3000;
  fixture.environment.expiry = ExpiryMode::Hide;
  CHECK(fixture.keys.find("k") == nullptr);
  CHECK(fixture.keys.size() == 1);
  fixture.environment.expiry = ExpiryMode::Ignore;
  CHECK(fixture.get("k") == "v");
  CHECK(fixture.sink.heard.empty());
}

TEST_CASE("keyspace: hits, misses and the eviction clock follow the lookup's flags") {
  Fixture fixture;
  fixture.environment.clock = 10;
  fixture.keys.set_string("k", "v");
  fixture.environment.clock = 20;
  CHECK(fixture.keys.find("k", LookupFlags::Peek)->clock() == 10);
  CHECK(fixture.keys.find("k", LookupFlags::NoTouch)->clock() == 10);
  CHECK(fixture.environment.hits == 1);
  fixture.environment.touch = false;
  CHECK(fixture.keys.find("k", LookupFlags::Read)->clock() == 10);
  fixture.environment.touch = true;
  CHECK(fixture.keys.find("k", LookupFlags::Write)->clock() == 20);
  CHECK(fixture.environment.hits == 2);
  CHECK(fixture.keys.find("none") == nullptr);
  CHECK(fixture.keys.find("none", LookupFlags::Write) == nullptr);
  CHECK(fixture.environment.misses == 1);
}

TEST_CASE("keyspace: a value of the same shape is written where the old one lies") {
  Fixture fixture;
  Entry* entry = fixture.keys.set_string("k", "12345");
  CHECK(fixture.keys.set_string("k", "678") == entry);
  entry = fixture.keys.set_string("k", "abc");
  CHECK(fixture.keys.set_string("k", "xyz") == entry);
  CHECK(fixture.get("k") == "xyz");
  entry = fixture.keys.expire_at(entry, 9000);
  CHECK(fixture.keys.set_string("k", "uvw", KeepTtl::Yes) == entry);
  CHECK(entry->deadline() == 9000);
  CHECK_FALSE(fixture.keys.set_string("k", "uvw")->has_deadline());
  CHECK(fixture.keys.volatile_count() == 0);
}

TEST_CASE("keyspace: rename") {
  Fixture fixture;
  CHECK_FALSE(fixture.keys.rename("none", "other"));
  fixture.keys.expire_at(fixture.keys.set_string("from", "1"), 5000);
  fixture.keys.set_string("to", "old");
  CHECK(fixture.keys.rename("from", "from"));
  CHECK(fixture.get("from") == "1");
  CHECK(fixture.keys.rename("from", "to"));
  CHECK(fixture.get("to") == "1");
  CHECK(fixture.keys.size() == 1);
  CHECK(fixture.keys.find("to")->deadline() == 5000);
  CHECK(fixture.keys.volatile_count() == 1);
  fixture.environment.now = 6000;
  CHECK_FALSE(fixture.keys.rename("to", "from"));
}

TEST_CASE("keyspace: a clone is a value of its own") {
  Fixture fixture;
  const std::string long_text(500, 'z');
  const Entry* from = fixture.keys.set_string("from", long_text);
  fixture.keys.store(fixture.keys.clone(*from, "to"));
  CHECK(fixture.keys.erase("from"));
  CHECK(fixture.get("to") == long_text);
}

TEST_CASE("keyspace: take and store move a value between databases") {
  Fixture fixture;
  Keyspace other(1, fixture.environment);
  fixture.keys.expire_at(fixture.keys.set_string("k", "v"), 5000);
  other.store(fixture.keys.take(fixture.keys.find("k")));
  CHECK(fixture.keys.size() == 0);
  CHECK(fixture.keys.volatile_count() == 0);
  CHECK(other.volatile_count() == 1);
  other.swap(fixture.keys);
  CHECK(fixture.get("k") == "v");
  CHECK(other.find("k") == nullptr);
}

TEST_CASE("keyspace: random gives live keys only, and ends when there are none") {
  Fixture fixture;
  CHECK(fixture.keys.random() == nullptr);
  for (int i = 0; i < 50; ++i) {
    Entry* entry = fixture.keys.set_string(std::to_string(i), "v");
    if (i > 0) fixture.keys.expire_at(entry, 2000);
  }
  fixture.environment.now = 2000;
  fixture.environment.expiry = ExpiryMode::Hide;
  for (int i = 0; i < 20; ++i) CHECK(fixture.keys.random()->key() == "0");
  fixture.keys.erase("0");
  CHECK(fixture.keys.random() !=
        nullptr);  // only expired ones are left: one of them, rather than no end
  fixture.environment.expiry = ExpiryMode::Delete;
  CHECK(fixture.keys.random() == nullptr);
  CHECK(fixture.keys.size() == 0);
  CHECK(fixture.sink.heard.size() == 49);
}

TEST_CASE("keyspace: the databases share one environment") {
  Databases databases;
  databases.open(3);
  RecordingSink sink;
  databases.environment().sink = &sink;
  databases[0].set_string("a", "1");
  databases[2].set_string("a", "2");
  CHECK(databases.count() == 3);
  CHECK(databases[2].index() == 2);
  CHECK(databases.total_size() == 2);
  CHECK(databases[1].find("a") == nullptr);
  CHECK(databases.environment().misses == 1);
}

}  // namespace keyspace
