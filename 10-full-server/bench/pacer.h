// SPDX-License-Identifier: MIT
// Decides when a connection (a lane) may send, and from which moment its latency counts. Pure
// arithmetic: the time comes in as nanoseconds since the run began, so tests need no clock.
//
// Closed loop: a lane sends a whole pipeline when all its replies have come; latency counts from
// that sending. Fixed rate: request i of the run is due at i / rate on lane i mod lanes, whatever
// the server does. Latency counts from then, not from the actual sending, so a stall is charged to
// all the requests it held up: coordinated omission (Tene, "How NOT to Measure Latency") cannot
// hide it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "10-full-server/bench/latency_histogram.h"

namespace bench {

using Nanoseconds = std::uint64_t;

struct Pace {
  std::size_t lanes = 1;
  std::size_t pipeline = 1;    // most requests in flight on a lane
  std::uint64_t requests = 0;  // stop after so many; 0: no limit
  Nanoseconds duration = 0;    // stop sending then; 0: no limit
  double rate = 0;             // requests per second over all lanes; 0: closed loop
};

class Pacer {
 public:
  explicit Pacer(const Pace& pace);

  // How many requests the lane is to send now; they count as sent.
  [[nodiscard]] std::size_t claim(std::size_t lane, Nanoseconds now);
  // Replies to the lane's `n` oldest requests came. n <= in_flight(lane).
  void complete(std::size_t lane, std::size_t n, Nanoseconds now);

  // Fixed rate only: how many requests of the run are due by now. Request i belongs to lane i %
  // lanes.
  [[nodiscard]] std::uint64_t due(Nanoseconds now) const;
  [[nodiscard]] bool finished(Nanoseconds now) const;
  [[nodiscard]] std::size_t in_flight(std::size_t lane) const;

  [[nodiscard]] std::uint64_t sent() const { return sent_; }
  [[nodiscard]] std::uint64_t completed() const { return latencies_.count(); }
  [[nodiscard]] const LatencyHistogram& latencies() const { return latencies_; }

 private:
  struct Lane {
    std::uint64_t sent = 0;
    std::uint64_t completed = 0;
    Nanoseconds sent_at = 0;  // of the batch in flight; closed loop only
  };
  [[nodiscard]] bool out_of_time(Nanoseconds now) const {
    return pace_.duration != 0 && now >= pace_.duration;
  }
  [[nodiscard]] std::uint64_t due_on(std::size_t lane, Nanoseconds now) const;
  [[nodiscard]] Nanoseconds due_at(std::size_t lane, std::uint64_t nth) const;

  Pace pace_;
  std::vector<Lane> lanes_;
  std::uint64_t sent_ = 0;
  LatencyHistogram latencies_;
};

}  // namespace bench
