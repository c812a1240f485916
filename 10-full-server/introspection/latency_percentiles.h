// SPDX-License-Identifier: MIT
//
// What INFO latencystats and LATENCY HISTOGRAM say of a command's histogram. The loop thread's alone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/command/latency_histogram.h"
#include "shared/util/result.h"

namespace server {
class InfoWriter;
class Server;
}  // namespace server

namespace introspection {

// `latency-tracking-info-percentiles`: which ones INFO shows.
struct LatencyPercentiles {
  bool tracked = true;
  std::vector<double> percentiles = {50, 99, 99.9};

  std::string text() const;  // "50 99 99.9"
  util::Result<> set(std::string_view given);
};

// (microseconds, calls that took at most that long), doubling from 1.024; only where calls were added.
std::vector<std::pair<uint64_t, uint64_t>> cumulative(const command::LatencyHistogram& histogram);

void write_latency_stats(server::Server& server, const LatencyPercentiles& shown, server::InfoWriter& out);

}  // namespace introspection
