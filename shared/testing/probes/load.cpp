// SPDX-License-Identifier: MIT
//
// Clients that write while the server is made to end, and remember what it has acknowledged:
// whatever the transcript does to the server meanwhile, an acknowledged write must be there
// afterwards.
//
//   probe load 4 for 35    four clients begin to pipeline SETs, each to a key of its own, counting
//   up; returns after 35 ms term, exit 0, restart  … and they go on until their connections end
//   probe load holds       every key holds at least what was acknowledged, and nothing that was not
//   sent
//
// One load at a time. Each client is a thread with a connection of its own; the numbers are read
// when all have ended.
#include <memory>
#include <optional>
#include <random>
#include <thread>
#include <vector>

#include "shared/testing/probes/probe.h"
#include "shared/testing/transcript/text.h"

namespace probes {
namespace {

constexpr transcript::milliseconds kPatience{10000};
constexpr int kLongestPipeline = 16;

std::string bulk(const std::string& text) {
  return "$" + std::to_string(text.size()) + "\r\n" + text + "\r\n";
}

struct Writer {
  std::unique_ptr<Connection> connection;
  std::string key;
  std::uint64_t seed;
  long long sent = 0;
  long long acknowledged = 0;

  // One write, so that the load has begun when the constructor of all returns. A server that has just come may be loading.
  void begin() {
    const Deadline deadline = transcript::Clock::now() + kPatience;
    resp::Reply reply;
    do {
      connection->send("*3\r\n$3\r\nSET\r\n" + bulk(key) + bulk(std::to_string(++sent)), deadline);
      if (connection->read_reply(reply, deadline) != transcript::Arrival::Ready)
        transcript::fail("no answer to SET " + key);
    } while (reply.text.starts_with("LOADING"));
    if (reply.text != "OK") transcript::fail("SET " + key + " is answered with " + reply.text);
    acknowledged = sent;
  }

  // Until the connection ends.
  void run() {
    std::mt19937_64 random(seed);
    for (;;) {
      const auto count = static_cast<long long>(1 + random() % kLongestPipeline);
      std::string requests;
      for (long long i = 1; i <= count; ++i) {
        requests += "*3\r\n$3\r\nSET\r\n" + bulk(key) + bulk(std::to_string(sent + i));
      }
      const Deadline deadline = transcript::Clock::now() + kPatience;
      sent += count;
      if (!connection->send(requests, deadline)) return;
      for (long long i = 0; i < count; ++i) {
        resp::Reply reply;
        if (connection->read_reply(reply, deadline) != transcript::Arrival::Ready ||
            reply.text != "OK")
          return;
        ++acknowledged;
      }
    }
  }
};

class Load {
 public:
  Load(const ProbeCall& call, long long count) {
    static int loads = 0;
    const std::string prefix = "load:" + std::to_string(++loads) + ":";
    for (long long i = 0; i < count; ++i) {
      const auto number = static_cast<std::uint64_t>(i);
      writers_.push_back({.connection = connect(call),
                          .key = prefix + std::to_string(i),
                          .seed = call.seed + number});
    }
    for (Writer& writer : writers_) writer.begin();
    for (Writer& writer : writers_) threads_.emplace_back([&writer] { writer.run(); });
  }
  ~Load() { join(); }

  // Waits for the end of all connections.
  const std::vector<Writer>& result() {
    join();
    return writers_;
  }

 private:
  void join() {
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }
  std::vector<Writer> writers_;
  std::vector<std::thread> threads_;
};

std::optional<Load> running;

void expect_held(Connection& connection, const Writer& writer) {
  const Deadline deadline = transcript::Clock::now() + kPatience;
  resp::Reply reply;
  transcript::Failure failure;
  failure.sent = "GET " + writer.key;
  failure.expected =
      std::to_string(writer.acknowledged) + " or more: so many SETs were acknowledged";
  do {
    connection.send("*2\r\n$3\r\nGET\r\n" + bulk(writer.key), deadline);
    if (connection.read_reply(reply, deadline) != transcript::Arrival::Ready)
      transcript::fail("no answer to " + failure.sent);
  } while (reply.text.starts_with("LOADING"));
  const auto held =
      reply.is_null() ? std::optional<long long>(0) : transcript::parse_size(reply.text);
  if (held && *held >= writer.acknowledged && *held <= writer.sent) return;
  failure.reason = "an acknowledged write is lost";
  if (held && *held > writer.sent) failure.reason = "a value that nobody has sent";
  failure.received = reply.is_null() ? "nil" : reply.text;
  throw transcript::FailureError(std::move(failure));
}

}  // namespace

void load(const ProbeCall& call) {
  const auto& words = call.arguments;
  if (words.size() == 3 && words[1] == "for") {
    running.emplace(call, size_argument(call, 0));
    std::this_thread::sleep_for(transcript::milliseconds(size_argument(call, 2)));
    return;
  }
  if (words.size() != 1 || words[0] != "holds" || !running) {
    transcript::fail("probe load: `load CLIENTS for MILLISECONDS`, and later `load holds`");
  }
  const auto connection = connect(call);
  for (const Writer& writer : running->result()) expect_held(*connection, writer);
  running.reset();
}

}  // namespace probes
