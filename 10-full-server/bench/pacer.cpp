// SPDX-License-Identifier: MIT
// At a fixed rate nothing is queued: the nth reply of a lane answers its nth request, whose due
// time follows from n.
#include "10-full-server/bench/pacer.h"

#include <algorithm>
#include <limits>

namespace bench {

Pacer::Pacer(const Pace& pace) : pace_(pace), lanes_(pace.lanes) {
  if (pace_.requests == 0) pace_.requests = std::numeric_limits<std::uint64_t>::max();
}

std::size_t Pacer::in_flight(std::size_t lane) const {
  return static_cast<std::size_t>(lanes_[lane].sent - lanes_[lane].completed);
}

std::size_t Pacer::claim(std::size_t lane, Nanoseconds now) {
  if (out_of_time(now)) return 0;
  Lane& l = lanes_[lane];
  std::uint64_t n = 0;
  if (pace_.rate > 0) {
    n = std::min<std::uint64_t>(due_on(lane, now) - l.sent, pace_.pipeline - in_flight(lane));
  } else if (in_flight(lane) == 0) {
    n = std::min<std::uint64_t>(pace_.pipeline, pace_.requests - sent_);
    l.sent_at = now;
  }
  l.sent += n;
  sent_ += n;
  return static_cast<std::size_t>(n);
}

void Pacer::complete(std::size_t lane, std::size_t n, Nanoseconds now) {
  Lane& l = lanes_[lane];
  if (pace_.rate > 0) {
    for (std::size_t i = 0; i < n; ++i) {
      const Nanoseconds due = due_at(lane, l.completed + i);
      latencies_.record(now > due ? now - due : 0);
    }
  } else {
    latencies_.record(now - l.sent_at, n);
  }
  l.completed += n;
}

std::uint64_t Pacer::due(Nanoseconds now) const {
  const double passed = static_cast<double>(now) * pace_.rate / 1e9;
  return std::min(pace_.requests, static_cast<std::uint64_t>(passed) + 1);
}

std::uint64_t Pacer::due_on(std::size_t lane, Nanoseconds now) const {
  const std::uint64_t all = due(now);
  // Lane j owns the requests j, j + lanes, j + 2 * lanes, ...
  return all > lane ? (all - lane - 1) / pace_.lanes + 1 : 0;
}

Nanoseconds Pacer::due_at(std::size_t lane, std::uint64_t nth) const {
  const auto index = static_cast<double>(nth * pace_.lanes + lane);
  return static_cast<Nanoseconds>(index * 1e9 / pace_.rate);
}

bool Pacer::finished(Nanoseconds now) const {
  return completed() == sent_ && (sent_ == pace_.requests || out_of_time(now));
}

}  // namespace bench
