// SPDX-License-Identifier: MIT
//
// A whole server without sockets, for unit tests: the real composition, table and executor, and
// clients whose replies are read back as text. Time is a FakeClock.
//
//   testing::InProcessServer server([](server::Server& s) { get_set::compose(s); });
//   CHECK(server.run({"SET", "k", "v"}) == "+OK\r\n");
//
// Every run() is a turn of its own: time is read, one command runs, the turn's steps follow (the
// log's write), then the replies are there. Not for more than one thread.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "shared/command/client.h"
#include "shared/server/server.h"
#include "shared/testing/unit/fake_clock.h"

namespace testing {

class InProcessServer {
 public:
  using Compose = std::function<void(server::Server&)>;

  // `compose` adds what a stage brings, and may set parameters: it runs before Server::prepare().
  explicit InProcessServer(const Compose& compose, std::string name = "in-process");

  server::Server& server() { return *server_; }
  FakeClock& clock() { return clock_; }

  // The client of run() without one: RESP2, until client().reply.set_protocol(3).
  command::Client& client() { return *clients_.front(); }
  command::Client& add_client();  // lives as long as the server

  // The reply, as bytes. What was sent to the client before and not read yet comes first.
  std::string run(std::initializer_list<std::string_view> words) { return run(client(), words); }
  std::string run(command::Client& from, std::initializer_list<std::string_view> words) {
    return run_args(from, {words.begin(), words.size()});
  }
  std::string run_args(command::Client& from, resp::Args args);

  // Takes what waits for the client: replies and pushes.
  std::string output(command::Client& of);
  void end_turn() { server_->turn.end(); }
  // Time passes, and the next turn sees it. Cron jobs do not run by themselves.
  void advance_ms(int64_t ms);

 private:
  FakeClock clock_;
  std::unique_ptr<server::Server> server_;
  std::vector<std::unique_ptr<command::Client>> clients_;
};

}  // namespace testing
