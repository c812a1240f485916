// SPDX-License-Identifier: MIT
//
// Over real sockets: what a client holds is what the server has read for it and not sent to it.
#include "10-full-server/eviction/client_memory.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "shared/net/listener.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/in_process_server.h"

namespace eviction {

using server::Connection;

struct ClientFixture {
  explicit ClientFixture(int count)
      : server([](server::Server&) {}),
        memory(server.server().frame, server.server().clients, server.server().turn) {
    auto& clients = server.server().clients;
    auto opened = net::Listener::open(server.server().loop, {.address = "127.0.0.1"},
                                      [&](std::unique_ptr<net::Session> session) {
                                        clients.add(server.server().frame, std::move(session));
                                        if (static_cast<int>(clients.size()) == count) server.server().loop.stop();
                                      });
    listener = std::move(opened.value());
    for (int i = 0; i < count; ++i) peers.push_back(connect_to(listener->port()));
    server.server().loop.run();
  }
  ~ClientFixture() {
    server.server().clients.close_all();
    for (const int peer : peers) ::close(peer);
    memory.set_limit(0);
  }
  static int connect_to(uint16_t port) {
    const int peer = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(peer, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    return peer;
  }
  Connection& connection(uint64_t id) { return *server.server().clients.find(id); }
  // So much waits for the client.
  void owe(uint64_t id, size_t bytes) {
    connection(id).client().output.append(std::string(bytes, 'x'));
    memory.memory_changed(connection(id));
  }
  std::vector<bool> connected(int count) {
    std::vector<bool> result;
    for (int id = 1; id <= count; ++id) result.push_back(server.server().clients.find(static_cast<uint64_t>(id)) != nullptr);
    return result;
  }

  testing::InProcessServer server;
  ClientMemory memory;
  std::unique_ptr<net::Listener> listener;
  std::vector<int> peers;
};

TEST_CASE("client memory: nothing is measured without a limit") {
  ClientFixture f(2);
  CHECK(f.server.server().frame.memory_guard == nullptr);
  f.memory.set_limit(1 << 20);
  CHECK(f.memory.total() == f.connection(1).memory_size() + f.connection(2).memory_size());
  f.memory.set_limit(0);
  CHECK(f.memory.total() == 0);
  CHECK(f.server.server().frame.memory_guard == nullptr);
}

TEST_CASE("client memory: the largest go, no more than needed") {
  ClientFixture f(4);
  f.memory.set_limit(1'000'000);
  f.owe(1, 300'000);
  f.owe(2, 500'000);
  f.owe(3, 100'000);
  f.memory.evict();
  CHECK(f.memory.evicted() == 0);
  f.owe(4, 400'000);
  f.memory.evict();
  CHECK(f.connected(4) == std::vector<bool>{true, false, true, true});
  CHECK(f.memory.evicted() == 1);
  f.memory.set_limit(200'000);
  f.memory.evict();
  CHECK(f.connected(4) == std::vector<bool>{false, false, true, false});
  CHECK(f.memory.evicted() == 3);
  f.memory.reset_statistics();
  CHECK(f.memory.evicted() == 0);
}

TEST_CASE("client memory: who is protected, a replica, or closing anyway neither counts nor goes") {
  ClientFixture f(4);
  f.connection(1).client().no_evict = true;
  f.connection(2).client().kind = command::Client::Kind::Replica;
  f.memory.set_limit(200'000);
  f.owe(1, 500'000);
  f.owe(2, 500'000);
  f.owe(3, 500'000);
  f.connection(3).close_later();
  CHECK(f.memory.total() == f.connection(4).memory_size());
  f.memory.evict();
  CHECK(f.memory.evicted() == 0);
  f.connection(1).client().no_evict = false;
  f.memory.memory_changed(f.connection(1));
  f.memory.evict();
  CHECK(f.memory.evicted() == 1);
  CHECK(f.server.server().clients.find(1) == nullptr);
}

TEST_CASE("client memory: a limit that would let nobody in is raised") {
  ClientFixture f(1);
  f.memory.set_limit(1);
  f.owe(1, 50'000);
  f.memory.evict();
  CHECK(f.memory.evicted() == 0);
  f.owe(1, 100'000);
  f.memory.evict();
  CHECK(f.memory.evicted() == 1);
}

}  // namespace eviction
