// SPDX-License-Identifier: MIT
//
// For tests over real sockets: an event loop in a thread of its own, and a peer that talks to it
// from the test's thread. Waiting always has a deadline (kPatience) after which the test fails;
// nothing waits for time to pass.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>

#include "shared/net/event_loop.h"

namespace testing {

inline constexpr std::chrono::seconds kPatience{20};

// Asks again and again, for kPatience at most. False: it never became true.
bool eventually(const std::function<bool()>& condition);

// Runs the loop from construction to destruction. What belongs to the loop is touched only through
// call().
class LoopThread {
 public:
  explicit LoopThread(net::EventLoop& loop) : loop_(loop), thread_([&loop] { loop.run(); }) {}
  ~LoopThread() {
    loop_.post([this] { loop_.stop(); });
    thread_.join();
  }

  // Runs `work` in a turn of the loop and gives its result.
  template <class Work>
  auto call(Work work) -> std::invoke_result_t<Work> {
    std::packaged_task<std::invoke_result_t<Work>()> task(std::move(work));
    auto result = task.get_future();
    loop_.post([&task] { task(); });
    return result.get();
  }

 private:
  net::EventLoop& loop_;
  std::thread thread_;
};

// A connected socket on this side.
class Peer {
 public:
  explicit Peer(uint16_t port);  // of 127.0.0.1; throws std::system_error
  ~Peer() { close(); }
  Peer(const Peer&) = delete;

  bool send(std::string_view bytes);         // all of them; false: the other side has gone
  size_t send_some(std::string_view bytes);  // what fits now, possibly nothing
  // Waits for `count` bytes; fewer when the connection ended, was reset, or kPatience is over.
  std::string receive(size_t count);
  std::string receive_all();  // … until the connection ends
  // What has arrived and was not read yet, without waiting and without reading it.
  size_t arrived() const;
  bool was_reset() const { return reset_; }
  void end_sending();
  void close();
  int descriptor() const { return socket_; }

 private:
  int socket_ = -1;
  bool reset_ = false;
};

}  // namespace testing
