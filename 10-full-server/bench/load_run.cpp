// SPDX-License-Identifier: MIT
// In a closed loop the thread sleeps in epoll until replies come. At a fixed rate it spins, polling
// the sockets, because a timer wakes too late to send a request on its microsecond: give it a core
// of its own.
#include "10-full-server/bench/load_run.h"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include "10-full-server/bench/process_cpu.h"

namespace bench {
namespace {

using namespace std::chrono_literals;
using asio::ip::tcp;

constexpr auto kConnectTimeout = 5s;
constexpr auto kTick = 200ms;

class Run {
 public:
  Run(const LoadPlan& plan, const RenderedRequest& request, const Progress& progress)
      : plan_(plan),
        progress_(progress),
        keys_per_request_(request.patches.size()),
        shared_{Pacer(plan.pace), RequestBatch(request, plan.pace.pipeline,
                                               {plan.shape.keys, plan.order, plan.seed})} {}

  LoadResult run() {
    connect();
    const double own_cpu = own_cpu_seconds();
    const auto server_cpu = process_cpu_seconds(plan_.server_pid);
    shared_.clock = Stopwatch();
    for (auto& connection : connections_) connection->start();
    watch();
    const bool fixed_rate = plan_.pace.rate > 0;
    fixed_rate ? drive_on_schedule() : drive_closed_loop();
    LoadResult result = sum_up();
    result.generator_cpu_seconds = own_cpu_seconds() - own_cpu;
    if (server_cpu) {
      // The server may be gone by now; then there is no figure.
      if (const auto after = process_cpu_seconds(plan_.server_pid))
        result.server_cpu_seconds = *after - *server_cpu;
    }
    return result;
  }

 private:
  void connect() {
    asio::error_code error;
    tcp::resolver resolver(loop_);
    const auto endpoints = resolver.resolve(plan_.host, std::to_string(plan_.port), error);
    if (error) throw LoadError(fmt::format("cannot resolve {}: {}", plan_.host, error.message()));
    for (std::size_t lane = 0; lane < plan_.pace.lanes; ++lane) {
      LoadConnection::Socket socket(loop_);
      asio::error_code failure = asio::error::timed_out;
      asio::async_connect(socket, endpoints,
                          [&](const asio::error_code& ec, const auto&) { failure = ec; });
      loop_.restart();
      loop_.run_for(kConnectTimeout);
      if (failure) {
        // The handler refers to this frame: let it run before leaving.
        const asio::error_code reason = failure;
        socket.close(error);
        loop_.restart();
        loop_.run();
        throw LoadError(
            fmt::format("cannot connect to {}:{}: {}", plan_.host, plan_.port, reason.message()));
      }
      const std::size_t raw_size = plan_.shape.raw ? plan_.shape.value_size : 0;
      connections_.push_back(
          std::make_unique<LoadConnection>(std::move(socket), lane, raw_size, shared_));
    }
    loop_.restart();
  }

  // Shows progress and ends a run whose server has gone silent.
  void watch() {
    timer_.expires_after(kTick);
    timer_.async_wait([this](const asio::error_code& error) {
      if (error) return;
      const Nanoseconds now = shared_.clock.now();
      const std::uint64_t replies = shared_.pacer.completed();
      if (replies != seen_replies_ || replies == shared_.pacer.sent()) {
        seen_replies_ = replies;
        seen_at_ = now;
      }
      const double silent = static_cast<double>(now - seen_at_) / 1e9;
      if (silent > plan_.silence_seconds) {
        throw LoadError(
            fmt::format("no reply for {:g} s after {} replies", plan_.silence_seconds, replies));
      }
      if (progress_) progress_(replies, static_cast<double>(now) / 1e9);
      watch();
    });
  }

  void drive_closed_loop() {
    for (auto& connection : connections_) connection->pump(shared_.clock.now());
    while (!shared_.pacer.finished(shared_.clock.now())) loop_.run_one();
    finished_at_ = shared_.clock.now();
  }

  void drive_on_schedule() {
    std::uint64_t announced = 0;  // requests whose lane has been told that they are due
    Nanoseconds now = shared_.clock.now();
    while (!shared_.pacer.finished(now)) {
      const std::uint64_t due = shared_.pacer.due(now);
      // A lane that is behind is pumped by its own replies: telling each lane once is enough.
      if (due - announced > connections_.size()) announced = due - connections_.size();
      for (; announced < due; ++announced) connections_[announced % connections_.size()]->pump(now);
      loop_.poll();
      now = shared_.clock.now();
    }
    finished_at_ = now;
  }

  LoadResult sum_up() const {
    LoadResult result;
    result.seconds = static_cast<double>(finished_at_) / 1e9;
    result.requests = shared_.pacer.completed();
    result.latencies = shared_.pacer.latencies();
    result.keys_per_request = keys_per_request_;
    if (plan_.pace.rate > 0 && plan_.pace.duration != 0) {
      result.never_sent = shared_.pacer.due(plan_.pace.duration - 1) - shared_.pacer.sent();
    }
    for (const auto& connection : connections_) {
      const ReplyScanner& replies = connection->replies();
      if (result.errors == 0) result.first_error = replies.first_error();
      result.errors += replies.errors();
      result.nils += replies.nils();
    }
    return result;
  }

  const LoadPlan& plan_;
  const Progress& progress_;
  std::uint64_t keys_per_request_;
  LoadShared shared_;
  asio::io_context loop_{ASIO_CONCURRENCY_HINT_UNSAFE_IO};
  asio::steady_timer timer_{loop_};
  std::vector<std::unique_ptr<LoadConnection>> connections_;
  std::uint64_t seen_replies_ = 0;
  Nanoseconds seen_at_ = 0;
  Nanoseconds finished_at_ = 0;
};

}  // namespace

LoadResult run_load(const LoadPlan& plan, const Progress& progress) {
  Run run(plan, render_request(plan.shape), progress);
  return run.run();
}

}  // namespace bench
