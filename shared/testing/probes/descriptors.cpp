// SPDX-License-Identifier: MIT
//
// A server that runs out of file descriptors: accept() fails with EMFILE while the kernel goes on
// completing connections, so that clients who believe they are connected wait in its queue.
#ifdef __linux__
#include <sys/resource.h>
#endif

#include <algorithm>
#include <filesystem>
#include <thread>
#include <vector>

#include "shared/testing/probes/probe.h"
#include "shared/testing/transcript/text.h"

namespace probes {
namespace {

bool has_word(const ProbeCall& call, std::string_view word) {
  return std::find(call.arguments.begin(), call.arguments.end(), word) != call.arguments.end();
}

void limit_descriptors(const ProbeCall& call, std::size_t count) {
#ifdef __linux__
  rlimit limit{};
  const bool known = ::prlimit(call.pid, RLIMIT_NOFILE, nullptr, &limit) == 0;
  limit.rlim_cur = count;
  if (known && ::prlimit(call.pid, RLIMIT_NOFILE, &limit, nullptr) == 0) return;
#else
  static_cast<void>(call);
  static_cast<void>(count);
#endif
  throw transcript::SkipError("a server's descriptors can only be limited on Linux");
}

// Waits until the server has as many files open as it may.
void wait_until_used_up(const ProbeCall& call, std::size_t count) {
  const std::filesystem::path folder = "/proc/" + std::to_string(call.pid) + "/fd";
  const Deadline deadline = transcript::Clock::now() + transcript::milliseconds(5000);
  const auto open_files = [&] {
    std::error_code gone;
    std::filesystem::directory_iterator files(folder, gone);
    return static_cast<std::size_t>(std::distance(begin(files), end(files)));
  };
  while (open_files() < count && transcript::Clock::now() < deadline) {
    std::this_thread::sleep_for(transcript::milliseconds(1));
  }
}

void expect_hang_up(Connection& client) {
  const Deadline deadline = transcript::Clock::now() + transcript::milliseconds(5000);
  if (client.read_bytes(1, deadline) == transcript::Arrival::Closed) return;
  transcript::Failure failure;
  failure.reason = "a client for whom there was no descriptor";
  failure.expected = "the server closes the connection";
  failure.received = client.unread().empty() ? "nothing" : "bytes";
  throw transcript::FailureError(std::move(failure));
}

// Served, or hung up on: both tell a client where it stands.
void expect_not_forgotten(Connection& client, bool echo) {
  const Deadline deadline = transcript::Clock::now() + transcript::milliseconds(5000);
  const std::string request = echo ? "ping" : "*1\r\n$4\r\nPING\r\n";
  const std::size_t answer = echo ? 4 : 7;  // +PONG\r\n
  client.send(request, deadline);
  if (client.read_bytes(answer, deadline) != transcript::Arrival::Timeout) return;
  transcript::Failure failure;
  failure.reason = "a client that waited for a descriptor is forgotten, though others have left";
  failure.sent = transcript::clipped(request);
  failure.expected = "an answer, or the end of the connection";
  failure.received = "nothing";
  throw transcript::FailureError(std::move(failure));
}

// A server may see the newcomer before it has seen the others leave.
void served_soon(const ProbeCall& call, bool echo) {
  const Deadline deadline = transcript::Clock::now() + transcript::milliseconds(2000);
  for (;;) {
    try {
      return round_trip(*connect(call), "", echo, "a client that came when others had left");
    } catch (const transcript::FailureError&) {
      if (transcript::Clock::now() > deadline) throw;
      std::this_thread::sleep_for(transcript::milliseconds(5));
    }
  }
}

}  // namespace

void descriptors(const ProbeCall& call) {
  const auto count = static_cast<std::size_t>(size_argument(call, 0));
  const bool echo = has_word(call, "echo");
  limit_descriptors(call, count);
  std::vector<std::unique_ptr<Connection>> clients;
  for (std::size_t i = 0; i < count + 10; ++i) clients.push_back(connect(call));
  wait_until_used_up(call, count);
  round_trip(*clients.front(), "", echo, "the first client while descriptors are used up");
  if (has_word(call, "refused")) expect_hang_up(*clients.back());
  round_trip(*clients.front(), "", echo, "the first client, again");
  clients.erase(clients.begin(), clients.begin() + static_cast<std::ptrdiff_t>(count));
  if (!has_word(call, "refused")) expect_not_forgotten(*clients.back(), echo);
  served_soon(call, echo);
}

}  // namespace probes
