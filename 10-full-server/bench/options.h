// SPDX-License-Identifier: MIT
// The command line of workshop-bench, and the named workloads.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "10-full-server/bench/load_run.h"

namespace bench {

struct Workload {
  std::string_view name;
  std::string_view command;  // a template of request_batch.h
  std::string_view key_prefix;
  bool reads;  // measures hits: the key range is filled first
};

[[nodiscard]] std::span<const Workload> workloads();

struct Options {
  LoadPlan plan;
  std::string name = "get";  // of the workload, or the custom template
  bool reads = false;
  bool fill = false;
  bool json = false;
  bool help = false;
};

// Throws std::invalid_argument, whose text is one clear line.
[[nodiscard]] Options parse_options(std::span<const char* const> arguments);
[[nodiscard]] std::string usage();

}  // namespace bench
