// SPDX-License-Identifier: MIT
// workshop-bench: loads any RESP server and measures it. Exit status 0 when the run was completed,
// 1 with one line on standard error for a bad flag or a server that is not there or is lost.
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <utility>

#include "10-full-server/bench/options.h"
#include "10-full-server/bench/result_text.h"

namespace {

using bench::LoadPlan;
using bench::LoadResult;

// A connection is a file descriptor: use as many as the hard limit gives.
void allow_connections(std::size_t connections) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlim_t wanted = connections + 64;
  if (limit.rlim_cur >= wanted) return;
  limit.rlim_cur = std::min(wanted, limit.rlim_max);
  setrlimit(RLIMIT_NOFILE, &limit);  // if refused, connecting fails with a line that says why
}

LoadResult run_with_progress(const LoadPlan& plan, std::string_view what) {
  const bool shown = isatty(STDERR_FILENO) != 0;
  bench::Progress progress;
  if (shown) {
    progress = [what](std::uint64_t replies, double seconds) {
      fmt::print(stderr, "\r{} {:.1f} s, {} replies\x1b[K", what, seconds, replies);
    };
  }
  LoadResult result = bench::run_load(plan, progress);
  if (shown) fmt::print(stderr, "\r\x1b[K");
  return result;
}

void fill(LoadPlan plan) {
  plan.shape.command = "SET {key} {value}";
  plan.order = bench::KeyOrder::Sequential;
  plan.pace.requests = plan.shape.keys;
  plan.pace.duration = 0;
  plan.pace.rate = 0;
  plan.pace.pipeline = 64;
  plan.server_pid = 0;
  const LoadResult result = run_with_progress(plan, "filling");
  if (result.errors != 0) {
    throw bench::LoadError(fmt::format("filling the key range failed: {}", result.first_error));
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const bench::Options options =
        bench::parse_options({argv + 1, static_cast<std::size_t>(argc - 1)});
    if (options.help) {
      fmt::print("{}", bench::usage());
      return 0;
    }
    allow_connections(options.plan.pace.lanes);
    if (options.fill) fill(options.plan);
    const LoadResult result = run_with_progress(options.plan, options.name);
    fmt::print("{}\n", options.json ? to_json(options, result) : to_line(options, result));
    return 0;
  } catch (const std::exception& failure) {
    fmt::print(stderr, "workshop-bench: {}\n", failure.what());
    return 1;
  }
}
