// SPDX-License-Identifier: MIT
#include "shared/server/cron.h"

#include <algorithm>

namespace server {

void Cron::add(std::string_view name, int64_t every_ms, std::function<void()> job) {
  jobs_.push_back({name, every_ms * 1000, 0, std::move(job), 0});
}

int64_t Cron::spent_us(std::string_view name) const {
  int64_t sum = 0;
  for (const Job& job : jobs_) sum += job.name == name ? job.spent_us : 0;
  return sum;
}

void Cron::reset_statistics() {
  for (Job& job : jobs_) job.spent_us = 0;
  spent_us_ = longest_us_ = 0;
}

void Cron::start() {
  timer_.start(std::chrono::milliseconds(1000 / hz_), [this] { tick(); });
}

void Cron::tick() {
  const int64_t now = clock_.monotonic_us();
  for (Job& job : jobs_) {
    if (paused_ || now < job.next_us) continue;
    job.next_us = now + job.every_us;
    const int64_t started = clock_.monotonic_us();
    job.run();
    const int64_t spent = clock_.monotonic_us() - started;
    job.spent_us += spent;
    spent_us_ += spent;
    longest_us_ = std::max(longest_us_, spent);
    if (on_job) on_job(job.name, spent);
  }
  start();
}

}  // namespace server
