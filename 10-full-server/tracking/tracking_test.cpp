// SPDX-License-Identifier: MIT
//
// The tables of tracking against plain models.
#include <map>
#include <set>

#include "10-full-server/tracking/key_table.h"
#include "10-full-server/tracking/prefix_table.h"
#include "10-full-server/tracking/tracking.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/in_process_server.h"

namespace tracking {

TEST_CASE("key table: what was remembered is taken once, whatever happens in between") {
  KeyTable table;
  std::map<std::string, std::set<uint64_t>> model;
  util::Random random(7);
  size_t items = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string key = "key:" + std::to_string(random.below(500));
    if (random.below(5) > 0) {
      const uint64_t client = 1 + random.below(40);
      table.remember(key, client);
      items += model[key].insert(client).second ? 1 : 0;
    } else {
      const std::set<uint64_t> expected = std::exchange(model[key], {});
      model.erase(key);
      items -= expected.size();
      CHECK(table.take(key) == std::vector<uint64_t>(expected.begin(), expected.end()));
    }
    REQUIRE(table.keys() == model.size());
    REQUIRE(table.items() == items);
  }
  while (!table.empty()) {
    const std::string key = table.random_key(random);
    REQUIRE(model.contains(key));
    CHECK(table.take(key).size() == model[key].size());
    model.erase(key);
  }
  CHECK(model.empty());
  CHECK(table.items() == 0);
  CHECK(table.take("key:1").empty());
}

TEST_CASE("prefix table: changes are gathered by prefix, and handed out once") {
  testing::InProcessServer server({});
  Tracking tracking(server.server().executor, server.server().turn,
                    [](uint64_t) { return nullptr; });
  command::Client& first = server.client();
  command::Client& second = server.add_client();
  TrackedClient a(tracking, first), b(tracking, second);
  PrefixTable table;
  table.join(a, "user:");
  table.join(b, "");
  table.join(b, "");
  CHECK(table.size() == 2);
  CHECK(table.note("user:1", &first));
  CHECK(table.note("user:1", &second));
  CHECK(table.note("other", nullptr));
  std::map<const TrackedClient*, std::vector<std::string>> heard;
  const auto listen = [&](TrackedClient& listener, const PrefixTable::Changed& changed) {
    for (const auto& [key, by] : changed) {
      heard[&listener].push_back(key);
      if (key == "user:1") CHECK(by == &second);
    }
  };
  table.hand_out(listen);
  CHECK(heard[&a] == std::vector<std::string>{"user:1"});
  CHECK(heard[&b] == std::vector<std::string>{"other", "user:1"});
  heard.clear();
  table.hand_out(listen);
  CHECK(heard.empty());
  table.leave(b, "");
  CHECK_FALSE(table.note("other", nullptr));
  CHECK(table.note("user:2", &first));
  table.forget(first);
  table.hand_out([](TrackedClient&, const PrefixTable::Changed& changed) {
    CHECK(changed.at("user:2") == nullptr);
  });
  table.leave(a, "user:");
  CHECK(table.empty());
}

}  // namespace tracking
