// SPDX-License-Identifier: MIT
//
// Many keys, each with its own name as its value: a lookup that confuses two of them answers with
// the wrong name. Enough of them make rare coincidences (two tags of 16 bits that agree) certain.
#include <algorithm>

#include "shared/testing/probes/probe.h"

namespace probes {
namespace {

constexpr std::size_t kPipeline = 1000;  // requests of one write
constexpr transcript::milliseconds kPatience{10000};

std::string bulk(const std::string& text) {
  return "$" + std::to_string(text.size()) + "\r\n" + text + "\r\n";
}

[[noreturn]] void wrong(const std::string& request, const std::string& expected,
                        const resp::Reply& reply) {
  transcript::Failure failure;
  failure.reason = request + " is answered with what another request is due";
  failure.sent = request;
  failure.expected = expected;
  failure.received = reply.is_null() ? "nil" : reply.text;
  throw transcript::FailureError(std::move(failure));
}

// Runs `set ? SET key key : GET key` for every key, a pipeline at a time.
void round(Connection& connection, const std::string& prefix, std::size_t count, bool set) {
  const auto key = [&](std::size_t i) { return prefix + std::to_string(i); };
  const Deadline deadline = transcript::Clock::now() + kPatience;
  for (std::size_t first = 0; first < count; first += kPipeline) {
    const std::size_t last = std::min(first + kPipeline, count);
    std::string requests;
    for (std::size_t i = first; i < last; ++i) {
      requests += set ? "*3\r\n$3\r\nSET\r\n" + bulk(key(i)) + bulk(key(i))
                      : "*2\r\n$3\r\nGET\r\n" + bulk(key(i));
    }
    if (!connection.send(requests, deadline)) transcript::fail("the server takes no bytes");
    for (std::size_t i = first; i < last; ++i) {
      resp::Reply reply;
      if (connection.read_reply(reply, deadline) != transcript::Arrival::Ready) {
        transcript::fail("no answer to " + std::string(set ? "SET " : "GET ") + key(i));
      }
      const std::string expected = set ? "OK" : key(i);
      if (reply.text != expected) wrong((set ? "SET " : "GET ") + key(i), expected, reply);
    }
  }
}

}  // namespace

void distinct_keys(const ProbeCall& call) {
  const auto count = static_cast<std::size_t>(size_argument(call, 0));
  const std::string prefix = "key:" + std::to_string(call.seed % 1000) + ":";
  const auto client = connect(call);
  round(*client, prefix, count, true);
  round(*client, prefix, count, false);
}

}  // namespace probes
