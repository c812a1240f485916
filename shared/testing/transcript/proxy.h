// SPDX-License-Identifier: MIT
//
// A TCP forwarder on a port of its own that can be cut and healed, for scenarios about broken
// networks. Its thread owns all sockets; the other side only sets the mode.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <thread>

namespace transcript {

class Proxy {
 public:
  explicit Proxy(int target_port);
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  [[nodiscard]] int port() const { return port_; }

  // Resets every connection, and every new one, until heal().
  void cut() {
    gently_ = false;
    limit_ = 0;
  }
  // Forwards so many more bytes towards the client, gives it a moment to read them (a reset may overtake what was not
  // read), then cuts.
  void cut_after(std::int64_t bytes) {
    gently_ = true;
    limit_ = bytes;
  }
  // Bytes stay where they are, connections stay open, as behind a dead link.
  void stall() { stalled_ = true; }
  void heal() {
    stalled_ = false;
    limit_ = kUnlimited;
  }

 private:
  static constexpr std::int64_t kUnlimited = std::numeric_limits<std::int64_t>::max();
  void run();

  int target_;
  int listener_;
  int port_ = 0;
  std::atomic<bool> stop_{false};
  std::atomic<bool> stalled_{false};
  std::atomic<bool> gently_{false};
  std::atomic<std::int64_t> limit_{kUnlimited};
  std::thread thread_;
};

}  // namespace transcript
