// SPDX-License-Identifier: MIT
//
// What the probes share: one connection, one round trip, the server's memory.
#include <unistd.h>

#include <sstream>

#include "shared/testing/probes/probe.h"
#include "shared/testing/transcript/text.h"

namespace probes {
namespace {

constexpr transcript::milliseconds kPatience{5000};

}  // namespace

std::unique_ptr<Connection> connect(const ProbeCall& call, int receive_buffer) {
  const int socket = Connection::open_socket(call.port, receive_buffer);
  if (socket < 0) transcript::fail("the server refuses a connection");
  return std::make_unique<Connection>(socket);
}

void round_trip(Connection& connection, const std::string& text, bool echo,
                const std::string& who) {
  const Deadline deadline = transcript::Clock::now() + kPatience;
  const std::string length = std::to_string(text.size());
  std::string request = "*2\r\n$4\r\nECHO\r\n$" + length + "\r\n" + text + "\r\n";
  std::string expected = "$" + length + "\r\n" + text + "\r\n";
  if (text.empty()) {
    request = "*1\r\n$4\r\nPING\r\n";
    expected = "+PONG\r\n";
  }
  if (echo) request = expected = text.empty() ? "ping" : text;
  transcript::Failure failure;
  failure.sent = transcript::clipped(request);
  failure.expected = transcript::clipped(expected);
  if (!connection.send(request, deadline)) {
    failure.reason = who + ": the server takes no bytes";
    throw transcript::FailureError(std::move(failure));
  }
  const transcript::Arrival arrival = connection.read_bytes(expected.size(), deadline);
  const std::string_view unread = connection.unread();
  if (unread == expected) return connection.skip(expected.size());
  const transcript::Comparison comparison = transcript::compare_bytes(expected, unread);
  failure.received = unread.empty() ? "nothing" : comparison.received;
  failure.caret = comparison.caret;
  failure.reason =
      who + (arrival == transcript::Arrival::Timeout  ? ": no whole answer in time"
             : arrival == transcript::Arrival::Closed ? ": the server closed the connection"
                                                      : ": another answer");
  throw transcript::FailureError(std::move(failure));
}

std::size_t resident_bytes(pid_t pid) {
  const auto statm = transcript::read_file("/proc/" + std::to_string(pid) + "/statm");
  if (!statm) throw transcript::SkipError("the server's memory can only be read on Linux");
  std::istringstream in(*statm);
  std::size_t total = 0;
  std::size_t resident = 0;
  in >> total >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

long long size_argument(const ProbeCall& call, std::size_t index) {
  const auto value =
      index < call.arguments.size() ? transcript::parse_size(call.arguments[index]) : std::nullopt;
  if (!value || *value < 1)
    transcript::fail("argument " + std::to_string(index + 1) +
                     " of the probe must be a positive size");
  return *value;
}

}  // namespace probes
