// SPDX-License-Identifier: MIT
//
// The end of a turn: everything that must happen once behind all commands of the turn and before anybody hears of them.
// Steps run in the order of addition (the log's write comes here), then replies go out, then closed clients are freed.
#pragma once

#include <functional>
#include <vector>

namespace server {

class Connection;

class Turn {
 public:
  // Called once per turn, before the replies.
  void add_step(std::function<void()> step) { steps_.push_back(std::move(step)); }
  // Called once per turn, last.
  void add_cleanup(std::function<void()> step) { cleanup_.push_back(std::move(step)); }

  // The connection has something to send, or is to be closed when it has sent it. Once per turn is enough.
  void flush_later(Connection& connection) { to_flush_.push_back(&connection); }
  void forget(Connection& connection);

  void end();

 private:
  std::vector<std::function<void()>> steps_;
  std::vector<std::function<void()>> cleanup_;
  std::vector<Connection*> to_flush_;
};

}  // namespace server
