// SPDX-License-Identifier: MIT
//
// What a badly behaved client may cost: the server's resident memory before and during, and a
// second client that must be served all the time. Sanitizers keep freed memory; the checker starts
// servers with a small quarantine.
#include <algorithm>
#include <thread>
#include <vector>

#include "shared/testing/probes/probe.h"

namespace probes {
namespace {

using transcript::milliseconds;

constexpr std::size_t kChunk = 64 * 1024;
constexpr std::size_t kExcess = 4;  // so many times the limit is asked for
constexpr std::size_t kIdleClients = 500;
constexpr std::size_t kWarmUp = 2000;

std::string mebibytes(std::size_t bytes) {
  const std::size_t tenths = bytes * 10 / (1U << 20U);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " MB";
}

// What a server keeps after its first requests is no growth: caches of its allocator, and the freed
// blocks that a sanitizer holds back.
void warm_up(const ProbeCall& call, bool echo) {
  const auto client = connect(call);
  for (std::size_t i = 0; i < kWarmUp; ++i) round_trip(*client, "", echo, "the first client");
}

// The largest growth seen while a client is served again and again.
class Watch {
 public:
  Watch(const ProbeCall& call, std::size_t limit, bool echo)
      : call_(call), limit_(limit), echo_(echo), before_(resident_bytes(call.pid)) {}

  void check(const std::string& during) {
    const auto bystander = connect(call_);
    round_trip(*bystander, "", echo_, "another client during " + during);
    const std::size_t now = resident_bytes(call_.pid);
    if (now <= before_ + limit_) return;
    transcript::Failure failure;
    failure.reason = "the server grew by " + mebibytes(now - before_) + " during " + during;
    failure.expected = "at most " + mebibytes(limit_);
    failure.received = mebibytes(now - before_);
    throw transcript::FailureError(std::move(failure));
  }

 private:
  const ProbeCall& call_;
  std::size_t limit_;
  bool echo_;
  std::size_t before_;
};

// Asks for much more than the limit and reads nothing. A server may stop reading or close the
// connection.
void slow_reader(const ProbeCall& call, Watch& watch, std::size_t limit, bool echo) {
  const auto client = connect(call, 4096);
  client->stop_reading(true);
  const std::string text(kChunk, 'x');
  const std::string request =
      echo ? text : "*2\r\n$4\r\nECHO\r\n$" + std::to_string(kChunk) + "\r\n" + text + "\r\n";
  std::size_t refused = 0;
  for (std::size_t asked = 0; asked < limit * kExcess && refused < 2; asked += kChunk) {
    const std::size_t queued = client->queued_bytes();
    client->send(request, transcript::Clock::now() + milliseconds(100));
    refused = client->queued_bytes() > queued ? refused + 1 : 0;
    if (asked / kChunk % 16 == 0) watch.check("a client that never reads");
  }
  watch.check("a client that never reads");
}

// The header of a huge bulk, in as many connections as would exceed the limit if one reserved it.
void promised_bulk(const ProbeCall& call, Watch& watch) {
  std::vector<std::unique_ptr<Connection>> clients;
  for (int i = 0; i < 8; ++i) {
    clients.push_back(connect(call));
    clients.back()->send("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$536870912\r\nfirst bytes",
                         transcript::Clock::now() + milliseconds(1000));
  }
  std::this_thread::sleep_for(milliseconds(20));
  watch.check("eight promised bulks of 512 MB that never come");
}

void idle_connections(const ProbeCall& call, Watch& watch, bool echo) {
  std::vector<std::unique_ptr<Connection>> clients;
  for (std::size_t i = 0; i < kIdleClients; ++i) {
    clients.push_back(connect(call));
    round_trip(*clients.back(), "", echo, "client " + std::to_string(i + 1));
  }
  watch.check(std::to_string(kIdleClients) + " idle connections");
}

}  // namespace

void memory_limit(const ProbeCall& call) {
  const auto limit = static_cast<std::size_t>(size_argument(call, 0));
  const std::vector<std::string>& words = call.arguments;
  if (words.size() < 3 || words[1] != "while") {
    transcript::fail(
        "write  probe memory-limit BYTES while slow-reader|promised-bulk|idle-connections [echo]");
  }
  const bool echo = words.size() > 3 && words[3] == "echo";
  warm_up(call, echo);
  Watch watch(call, limit, echo);
  if (words[2] == "slow-reader") return slow_reader(call, watch, limit, echo);
  if (words[2] == "promised-bulk") return promised_bulk(call, watch);
  if (words[2] == "idle-connections") return idle_connections(call, watch, echo);
  transcript::fail("memory-limit knows no '" + words[2] + "'");
}

}  // namespace probes
