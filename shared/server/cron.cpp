// SPDX-License-Identifier: MIT
#include "shared/server/cron.h"

namespace server {

void Cron::add(std::string_view name, int64_t every_ms, std::function<void()> job) {
  jobs_.push_back({name, every_ms * 1000, 0, std::move(job)});
}

void Cron::start() {
  timer_.start(std::chrono::milliseconds(1000 / hz_), [this] { tick(); });
}

void Cron::tick() {
  const int64_t now = clock_.monotonic_us();
  for (Job& job : jobs_) {
    if (paused_ || now < job.next_us) continue;
    job.next_us = now + job.every_us;
    const int64_t started = on_job ? clock_.monotonic_us() : 0;
    job.run();
    if (on_job) on_job(job.name, clock_.monotonic_us() - started);
  }
  start();
}

}  // namespace server
