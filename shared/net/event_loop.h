// SPDX-License-Identifier: MIT
//
// The loop: one thread on which everything that touches clients and keys happens. Whoever has something to do once behind
// everything that is ready now asks for the end of the turn; what becomes ready meanwhile belongs to the next turn.
//
//   wait ─► ready: A B C ─► A, B, C, each after the begin hook ─► end hook, if one of them asked ─► wait
//
// Asio stays inside this folder: its headers are heavy, and nobody else needs to know.
#pragma once

#include <chrono>
#include <functional>
#include <initializer_list>
#include <memory>

namespace net {

class EventLoop {
 public:
  EventLoop();
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  void run();   // until stop(); may be called again
  void stop();  // from the loop's thread
  // Runs `work` in a turn of the loop. May be called from any thread.
  void post(std::function<void()> work);
  void on_signals(std::initializer_list<int> signals, std::function<void(int)> handler);

  // `begin` is called before every handler; `end` behind everything that is ready when request_turn_end() was called.
  void set_turn_hooks(std::function<void()> begin, std::function<void()> end);
  void begin() {
    if (on_begin_) on_begin_();
  }
  void request_turn_end() {
    if (!end_requested_) post_turn_end();
  }

  struct Impl;  // Asio's io_context; defined in asio_loop.h for this folder alone
  Impl& impl() { return *impl_; }

 private:
  void post_turn_end();

  std::unique_ptr<Impl> impl_;
  std::function<void()> on_begin_;
  std::function<void()> on_end_;
  bool end_requested_ = false;
};

// Calls back once, in a turn of the loop. Destroying it or starting it again forgets the earlier call.
class Timer {
 public:
  explicit Timer(EventLoop& loop);
  ~Timer();
  void start(std::chrono::milliseconds after, std::function<void()> handler);
  void cancel();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace net
