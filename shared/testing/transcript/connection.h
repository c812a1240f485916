// SPDX-License-Identifier: MIT
//
// A client's side of one TCP connection on a non-blocking POSIX socket. It reads only when asked
// to, so that a transcript decides when a client is slow; while it sends it also reads, so that
// neither side waits for ever. One thread. A lost connection is a state, not an exception: the next
// expectation reports it.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "shared/resp/reply_reader.h"

namespace transcript {

using Clock = std::chrono::steady_clock;
using Deadline = Clock::time_point;
using std::chrono::milliseconds;

enum class Arrival { Ready, Timeout, Closed, Malformed };

class Connection {
 public:
  // Sees every byte in both directions ('>' or '<'); for --verbose.
  using Trace = std::function<void(char direction, std::string_view bytes)>;

  // -1 when nobody listens (yet). A receive buffer of 0 bytes keeps the system's.
  static int open_socket(int port, int receive_buffer);

  // Owns `socket` from here on.
  explicit Connection(int socket, Trace trace = {});
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // False when the peer took no more bytes before the deadline. While reading is stopped, what the
  // peer doesn't take stays queued and true is returned.
  bool send(std::string_view bytes, Deadline deadline);

  Arrival read_reply(resp::Reply& reply, Deadline deadline);
  Arrival read_bytes(std::size_t count, Deadline deadline);  // until unread() has so many
  Arrival read_to_end(Deadline deadline);                    // Ready: the peer has closed

  // Bytes that the peer has not taken yet because reading is stopped.
  [[nodiscard]] std::size_t queued_bytes() const { return queued_.size(); }

  // Takes what has arrived without waiting.
  void drain();
  [[nodiscard]] std::string_view unread() const { return reader_.unread(); }
  void skip(std::size_t bytes) { reader_.skip(bytes); }
  [[nodiscard]] std::string_view last_reply() const { return reader_.last_reply(); }
  [[nodiscard]] const std::string& error() const { return reader_.error(); }
  [[nodiscard]] bool closed() const { return closed_; }
  // "closed the connection" or "reset the connection".
  [[nodiscard]] std::string_view how_closed() const { return how_closed_; }

  // Following sends are cut: into pieces of `every` bytes, or once after `at` bytes. 0 turns either
  // off.
  void split(std::size_t every, std::size_t at);
  void stop_reading(bool stop) { stopped_ = stop; }
  [[nodiscard]] bool reading_stopped() const { return stopped_; }
  void read_slowly(std::size_t bytes_per_millisecond) { slow_ = bytes_per_millisecond; }
  void shutdown_write();
  void reset();  // closes with RST

 private:
  bool push(std::string_view bytes, Deadline deadline);
  bool wait(bool to_write, bool to_read, Deadline deadline);
  void receive();
  bool write_some(std::string_view& bytes);
  void lost(std::string_view how);

  int socket_;
  Trace trace_;
  resp::ReplyReader reader_;
  std::string queued_;  // bytes of sends made while reading is stopped
  bool closed_ = false;
  bool stopped_ = false;
  bool half_closed_ = false;
  std::string_view how_closed_ = "closed the connection";
  std::size_t split_every_ = 0;
  std::size_t split_at_ = 0;
  std::size_t slow_ = 0;
};

}  // namespace transcript
