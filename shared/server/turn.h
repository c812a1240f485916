// SPDX-License-Identifier: MIT
//
// The end of a turn: everything that must happen once behind all commands of the turn and before anybody hears of them.
// First those who were blocked and go on now, then the steps in the order of addition (the log's write comes here), then
// replies go out, then closed clients are freed.
// While nobody holds the replies, nothing has to happen before one, and a connection sends as soon as its requests are
// done: the turn then needs no end, which saves asking the system once more whether anything is ready.
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
  // Called at each turn's end, first: what lets commands run (blocked clients' deadlines).
  void add_opening(std::function<void()> step) { openings_.push_back(std::move(step)); }
  // Called at each turn's end, last.
  void add_cleanup(std::function<void()> step) { cleanup_.push_back(std::move(step)); }

  // Replies wait for the end of the turn, from now on until as many releases as holds have come.
  void hold_replies() { ++holders_; }
  void release_replies() { --holders_; }
  bool replies_wait() const { return holders_ > 0; }
  // The connection runs at this turn's end what it had postponed.
  void resume_later(Connection& connection) {
    to_resume_.push_back(&connection);
    request_end();
  }
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
  std::vector<std::function<void()>> openings_;
  std::vector<std::function<void()>> cleanup_;
  std::vector<Connection*> to_resume_;
  std::vector<Connection*> to_flush_;
  int holders_ = 0;
};

}  // namespace server
