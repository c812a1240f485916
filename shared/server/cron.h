// SPDX-License-Identifier: MIT
//
// Periodic jobs, `hz` times a second, each in a turn of the loop. A job that needs it less often says so.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "shared/net/event_loop.h"
#include "shared/util/clock.h"

namespace server {

class Cron {
 public:
  Cron(net::EventLoop& loop, util::Clock& clock, const int& hz) : timer_(loop), clock_(clock), hz_(hz) {}

  // Jobs run in the order of addition; `every_ms` 0 means at each tick.
  void add(std::string_view name, int64_t every_ms, std::function<void()> job);
  void start();
  void stop() { timer_.cancel(); }
  // Ticks come and nothing is done: whoever tests what happens between two jobs can be sure that none runs.
  void pause(bool paused) { paused_ = paused; }
  // Hears how long each job took.
  std::function<void(std::string_view job, int64_t microseconds)> on_job;
  int64_t spent_us(std::string_view job) const;  // in all its runs
  int64_t spent_us() const { return spent_us_; }
  int64_t longest_us() const { return longest_us_; }
  void reset_statistics();

 private:
  struct Job {
    std::string_view name;
    int64_t every_us;
    int64_t next_us;
    std::function<void()> run;
    int64_t spent_us = 0;
  };
  void tick();

  net::Timer timer_;
  util::Clock& clock_;
  const int& hz_;
  std::vector<Job> jobs_;
  bool paused_ = false;
  int64_t spent_us_ = 0;
  int64_t longest_us_ = 0;
};

}  // namespace server
