// SPDX-License-Identifier: MIT
//
// The latency monitor in words and pictures: LATENCY GRAPH and DOCTOR. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "10-full-server/introspection/latency_monitor.h"

namespace introspection {

std::string latency_graph(std::string_view event, const LatencySeries& series, int64_t now);

struct LatencyCircumstances {
  int64_t slow_log_from = 0;  // microseconds; negative: off
  int jobs_per_second = 10;
};
std::string latency_report(const LatencyMonitor& monitor, const LatencyCircumstances& circumstances);

}  // namespace introspection
