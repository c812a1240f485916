// SPDX-License-Identifier: MIT
//
// Many clients: in turn (a server that leaks descriptors ends early) and at once (one that serves a
// single client or a thread for each falls behind).
#include <sys/resource.h>

#include <vector>

#include "shared/testing/probes/probe.h"

namespace probes {
namespace {

constexpr rlim_t kSpare = 64;  // descriptors for everything else

}  // namespace

void connections(const ProbeCall& call) {
  const auto count = static_cast<std::size_t>(size_argument(call, 0));
  const bool echo = call.arguments.size() > 1 && call.arguments[1] == "echo";
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur < count + kSpare) {
    throw transcript::SkipError(std::to_string(count) +
                                " connections need a higher ulimit -n than " +
                                std::to_string(limit.rlim_cur));
  }
  const std::string prefix = std::to_string(call.seed) + "-";
  const auto text = [&](std::size_t i) {
    return echo ? prefix + std::to_string(i) : std::string();
  };
  for (std::size_t i = 0; i < count; ++i) {
    round_trip(*connect(call), text(i), echo, "client " + std::to_string(i + 1) + " in turn");
  }
  std::vector<std::unique_ptr<Connection>> clients;
  for (std::size_t i = 0; i < count; ++i) clients.push_back(connect(call));
  // The last first: a server that serves them one after another answers nobody.
  for (std::size_t i = count; i-- > 0;) {
    round_trip(*clients[i], text(i), echo,
               "client " + std::to_string(i + 1) + " of " + std::to_string(count) + " at once");
  }
}

}  // namespace probes
