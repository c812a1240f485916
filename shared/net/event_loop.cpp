// SPDX-License-Identifier: MIT
#include "shared/net/event_loop.h"

#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <utility>

#include "shared/net/asio_loop.h"

namespace net {

EventLoop::EventLoop() : impl_(std::make_unique<Impl>()) {}

EventLoop::~EventLoop() = default;

void EventLoop::run() {
  const auto work = asio::make_work_guard(impl_->io);
  impl_->io.restart();
  impl_->io.run();
}

void EventLoop::stop() { impl_->io.stop(); }

void EventLoop::post(std::function<void()> work) {
  asio::post(impl_->io, [this, work = std::move(work)] {
    begin();
    work();
  });
}

static void wait_for_signal(EventLoop& loop, asio::signal_set& signals, std::function<void(int)> handler) {
  signals.async_wait([&loop, &signals, handler](asio::error_code error, int signal) {
    if (error) return;
    loop.begin();
    handler(signal);
    wait_for_signal(loop, signals, handler);
  });
}

void EventLoop::on_signals(std::initializer_list<int> signals, std::function<void(int)> handler) {
  asio::signal_set& set = impl_->signals.emplace_back(impl_->io);
  for (const int signal : signals) set.add(signal);
  wait_for_signal(*this, set, std::move(handler));
}

void EventLoop::set_turn_hooks(std::function<void()> begin, std::function<void()> end) {
  on_begin_ = std::move(begin);
  on_end_ = std::move(end);
}

// It queues up behind the handlers that are ready already; later ones queue up behind it.
void EventLoop::post_turn_end() {
  end_requested_ = true;
  asio::post(impl_->io, [this] {
    end_requested_ = false;
    if (on_end_) on_end_();
  });
}

struct Timer::Impl {
  Impl(EventLoop& event_loop) : loop(event_loop), timer(event_loop.impl().io) {}
  EventLoop& loop;
  asio::steady_timer timer;
};

Timer::Timer(EventLoop& loop) : impl_(std::make_shared<Impl>(loop)) {}

Timer::~Timer() { cancel(); }

void Timer::start(std::chrono::milliseconds after, std::function<void()> handler) {
  impl_->timer.expires_after(after);
  impl_->timer.async_wait([impl = impl_, handler = std::move(handler)](asio::error_code error) {
    if (error) return;
    impl->loop.begin();
    handler();
  });
}

void Timer::cancel() { impl_->timer.cancel(); }

}  // namespace net
