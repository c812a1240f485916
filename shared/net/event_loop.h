// SPDX-License-Identifier: MIT
//
// The loop: one thread on which everything that touches clients and keys happens. A turn begins with the first thing that
// is ready and ends behind everything that was ready with it; what becomes ready meanwhile belongs to the next turn.
//
//   wait ─► ready: A B C ─► begin hook, A, B, C ─► end hook (log, replies, clean-up) ─► wait
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

  void run();   // until stop()
  void stop();  // from the loop's thread
  // Runs `work` in a turn of the loop. May be called from any thread.
  void post(std::function<void()> work);
  void on_signals(std::initializer_list<int> signals, std::function<void(int)> handler);

  // Called before the first and behind the last handler of each turn.
  void set_turn_hooks(std::function<void()> begin, std::function<void()> end);
  // Every handler calls it first.
  void begin_turn() {
    if (!in_turn_) open_turn();
  }

  struct Impl;  // Asio's io_context; defined in asio_loop.h for this folder alone
  Impl& impl() { return *impl_; }

 private:
  void open_turn();

  std::unique_ptr<Impl> impl_;
  std::function<void()> on_begin_;
  std::function<void()> on_end_;
  bool in_turn_ = false;
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
