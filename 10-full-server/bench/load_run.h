// SPDX-License-Identifier: MIT
// One run of the load: connect, drive all connections on one thread until the pacer is finished,
// sum up. The CPU figures cover just the driven time, not the connecting. Throws LoadError when the
// server cannot be reached, is lost, or is silent for too long.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "10-full-server/bench/latency_histogram.h"
#include "10-full-server/bench/load_connection.h"
#include "10-full-server/bench/pacer.h"
#include "10-full-server/bench/request_batch.h"

namespace bench {

struct LoadPlan {
  std::string host = "127.0.0.1";
  std::uint16_t port = 6379;
  RequestShape shape;
  KeyOrder order = KeyOrder::Random;
  std::uint64_t seed = 1;
  Pace pace;                    // pace.lanes is the number of connections
  double silence_seconds = 10;  // so long without a reply ends the run
  int server_pid = 0;           // of a local server, to measure its CPU; 0: none
};

struct LoadResult {
  double seconds = 0;          // from the first request to the last reply
  std::uint64_t requests = 0;  // answered
  std::uint64_t never_sent =
      0;  // fixed rate: due before the end and never sent, as the server was too slow
  std::uint64_t errors = 0;
  std::string first_error;
  std::uint64_t nils = 0;
  std::uint64_t keys_per_request = 0;
  LatencyHistogram latencies;                // nanoseconds
  double generator_cpu_seconds = 0;          // of this process, while driving
  std::optional<double> server_cpu_seconds;  // user + system of server_pid, all threads
};

// Called about five times a second with the replies so far and the seconds passed.
using Progress = std::function<void(std::uint64_t replies, double seconds)>;

[[nodiscard]] LoadResult run_load(const LoadPlan& plan, const Progress& progress);

}  // namespace bench
