// SPDX-License-Identifier: MIT
//
// A billion draws for a client that its limit has closed, or that nobody answers.
#include <string>

#include "10-full-server/stages.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/in_process_server.h"

namespace full_server {

namespace {

// Closes its client, as a limit does, when so much waits for it.
struct Owner final : command::ClientOwner {
  static constexpr size_t kLimit = 100'000;
  explicit Owner(command::Client& of) : client(of) { client.owner = this; }
  ~Owner() { client.owner = nullptr; }
  void output_added() override { client.close_after_reply = client.output.size() > kLimit; }
  void close_later() override {}
  void unblocked() override {}
  std::string peer_address() const override { return "nowhere"; }

  command::Client& client;
};

const std::initializer_list<std::string_view> kRequests[] = {
    {"SRANDMEMBER", "packed set", "-1000000000"},
    {"SRANDMEMBER", "set", "-1000000000"},
    {"HRANDFIELD", "packed hash", "-1000000000"},
    {"HRANDFIELD", "hash", "-1000000000", "WITHVALUES"},
    {"ZRANDMEMBER", "packed sorted set", "-1000000000", "WITHSCORES"},
    {"ZRANDMEMBER", "sorted set", "-1000000000"},
};

testing::InProcessServer filled_server() {
  testing::InProcessServer server(compose_stages);
  for (int i = 0; i < 1000; ++i) {
    const std::string member = "member " + std::to_string(i);
    const bool few = i < 3;
    if (few) server.run({"SADD", "packed set", member});
    if (few) server.run({"HSET", "packed hash", member, "value"});
    if (few) server.run({"ZADD", "packed sorted set", "1", member});
    server.run({"SADD", "set", member});
    server.run({"HSET", "hash", member, "value"});
    server.run({"ZADD", "sorted set", "1", member});
  }
  return server;
}

}  // namespace

TEST_CASE("endless replies end with their client") {
  auto server = filled_server();
  for (const auto& request : kRequests) {
    command::Client& client = server.add_client();
    const Owner owner(client);
    CHECK(server.run(client, request).size() < Owner::kLimit + 10'000);
    CHECK(client.close_after_reply);
  }
}

TEST_CASE("endless replies that are thrown away are not made") {
  auto server = filled_server();
  for (const auto& request : kRequests) {
    command::Client& client = server.add_client();
    resp::OutputBuffer discarded;
    client.reply.redirect(discarded);
    CHECK(server.run(client, request).empty());
    CHECK(discarded.size() < 10'000);
    client.reply.redirect(client.output);
  }
}

TEST_CASE("a reply that somebody reads is whole") {
  auto server = filled_server();
  command::Client& client = server.add_client();
  const Owner owner(client);
  CHECK(server.run(client, {"SRANDMEMBER", "packed set", "-1000"}).size() ==
        7 + 1000 * std::string("$8\r\nmember 0\r\n").size());
}

}  // namespace full_server
