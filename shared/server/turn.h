// SPDX-License-Identifier: MIT
//
// The end of a turn: everything that must happen once behind all commands of the turn and before anybody hears of them.
// Steps run in the order of addition (the log's write comes here), then replies go out, then closed clients are freed.
// Without a step nothing has to happen before a reply, and a connection sends as soon as its requests are done: the turn
// then needs no end, which saves asking the system once more whether anything is ready.
#pragma once

#include <functional>
#include <vector>

namespace net {
class EventLoop;
}

namespace server {

class Connection;

class Turn {
 public:
  explicit Turn(net::EventLoop& loop) : loop_(loop) {}

  // Called at each turn's end, before the replies.
  void add_step(std::function<void()> step) { steps_.push_back(std::move(step)); }
  // Called at each turn's end, last.
  void add_cleanup(std::function<void()> step) { cleanup_.push_back(std::move(step)); }

  // True when a reply must wait for the end of the turn.
  bool replies_wait() const { return !steps_.empty(); }
  // The connection has something to send, or is to be closed when it has sent it. Once per turn is enough.
  void flush_later(Connection& connection) {
    to_flush_.push_back(&connection);
    request_end();
  }
  void request_end();
  void forget(Connection& connection);

  void end();

 private:
  net::EventLoop& loop_;
  std::vector<std::function<void()>> steps_;
  std::vector<std::function<void()>> cleanup_;
  std::vector<Connection*> to_flush_;
};

}  // namespace server
