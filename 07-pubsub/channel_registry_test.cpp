// SPDX-License-Identifier: MIT
//
// The registry against a model: whatever is joined and left, both sides tell the same.
#include "07-pubsub/channel_registry.h"

#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "shared/command/client.h"
#include "shared/testing/catch.h"
#include "shared/util/random.h"

namespace pubsub {

using Memberships = ChannelRegistry::Memberships;

TEST_CASE("registry: a channel exists while somebody listens to it") {
  ChannelRegistry registry;
  command::Client client(1);
  Memberships own;
  CHECK(registry.join(own, client, "news"));
  CHECK_FALSE(registry.join(own, client, "news"));
  REQUIRE(registry.subscribers("news") != nullptr);
  CHECK(registry.subscribers("news")->size() == 1);
  CHECK(own.size() == 1);
  CHECK(registry.leave(own, "news"));
  CHECK_FALSE(registry.leave(own, "news"));
  CHECK(registry.subscribers("news") == nullptr);
  CHECK(registry.size() == 0);
}

TEST_CASE("registry: names are bytes, and live longer than the request that brought them") {
  ChannelRegistry registry;
  command::Client client(1);
  Memberships own;
  {
    const std::string request("a\0b", 3);
    registry.join(own, client, request);
  }
  CHECK(own.begin()->first == std::string_view("a\0b", 3));
  CHECK(registry.subscribers("a") == nullptr);
  registry.leave_all(own);
  CHECK(own.empty());
}

TEST_CASE("registry: subscribers stay in the order of their arrival") {
  ChannelRegistry registry;
  command::Client a(1), b(2), c(3);
  Memberships of_a, of_b, of_c;
  registry.join(of_a, a, "x");
  registry.join(of_b, b, "x");
  registry.join(of_c, c, "x");
  registry.leave(of_a, "x");
  registry.join(of_a, a, "x");
  const std::list<command::Client*> expected{&b, &c, &a};
  CHECK((*registry.subscribers("x") == expected));
  for (Memberships* own : {&of_a, &of_b, &of_c}) registry.leave_all(*own);
}

TEST_CASE("registry: random joins and leaves agree with a set of pairs") {
  util::Random random(7);
  ChannelRegistry registry;
  constexpr size_t kClients = 12, kChannels = 20;
  std::vector<std::unique_ptr<command::Client>> clients;
  std::vector<Memberships> own(kClients);
  for (size_t i = 0; i < kClients; ++i) clients.push_back(std::make_unique<command::Client>(i));
  std::set<std::pair<size_t, std::string>> model;
  for (int step = 0; step < 20'000; ++step) {
    const size_t client = random.below(kClients);
    const std::string name = "channel:" + std::to_string(random.below(kChannels));
    switch (random.below(5)) {
      case 0:
      case 1:
        CHECK(registry.join(own[client], *clients[client], name) ==
              model.emplace(client, name).second);
        break;
      case 2:
      case 3:
        CHECK(registry.leave(own[client], name) == (model.erase({client, name}) == 1));
        break;
      default:
        if (random.below(20) != 0) break;
        registry.leave_all(own[client]);
        std::erase_if(model, [&](const auto& pair) { return pair.first == client; });
    }
    const auto* subscribers = registry.subscribers(name);
    size_t expected = 0;
    for (size_t i = 0; i < kClients; ++i) expected += model.count({i, name});
    REQUIRE((subscribers == nullptr ? 0 : subscribers->size()) == expected);
    REQUIRE(own[client].contains(name) == model.contains({client, name}));
  }
  for (Memberships& each : own) registry.leave_all(each);
  CHECK(registry.size() == 0);
}

}  // namespace pubsub
