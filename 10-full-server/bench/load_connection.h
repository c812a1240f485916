// SPDX-License-Identifier: MIT
// One connection of the load: sends what the pacer allows, scans what comes back. One send per
// batch and one receive per readiness; the request batch and the receive buffer are shared by all
// connections, only bytes that a full socket refused are kept per connection. Belongs to the loop's
// only thread and must outlive the io_context's handlers. A lost connection throws LoadError.
#pragma once

#include <asio.hpp>
#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "10-full-server/bench/pacer.h"
#include "10-full-server/bench/reply_scanner.h"
#include "10-full-server/bench/request_batch.h"

namespace bench {

// what() is the one line that the user sees.
struct LoadError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Stopwatch {
 public:
  [[nodiscard]] Nanoseconds now() const {
    return static_cast<Nanoseconds>((std::chrono::steady_clock::now() - start_) /
                                    std::chrono::nanoseconds(1));
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// What all connections of a run share.
struct LoadShared {
  Pacer pacer;
  RequestBatch batch;
  Stopwatch clock{};
  std::vector<char> received = std::vector<char>(256 * 1024);
};

class LoadConnection {
 public:
  // The executor is spelled out: the type-erased default costs a virtual call per operation.
  using Socket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;

  LoadConnection(Socket socket, std::size_t lane, std::size_t raw_reply_size, LoadShared& shared);

  void start();                // begins to listen for replies; sends nothing yet
  void pump(Nanoseconds now);  // sends what is to be sent now
  [[nodiscard]] const ReplyScanner& replies() const { return scanner_; }

 private:
  void await_replies();
  void read_replies();
  void send(std::string_view bytes);
  void await_room();
  [[noreturn]] void fail(const std::string& why) const;

  Socket socket_;
  std::size_t lane_;
  LoadShared& shared_;
  ReplyScanner scanner_;
  std::string unsent_;
};

}  // namespace bench
