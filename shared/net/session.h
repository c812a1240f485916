// SPDX-License-Identifier: MIT
//
// A connected socket. It tells its handler when there is something to read, into the buffer that the handler offers, and
// writes what the handler has whenever the handler says so. It knows no protocol and keeps no bytes.
//
// Reading waits for readiness (async_wait) and then reads without blocking: one system call to arm, one to read, and no
// buffer is tied to an idle connection. Lifetime: the owner may destroy a session only when idle(): closing cancels the
// waits, but their handlers still come.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace net {

class EventLoop;

class SessionHandler {
 public:
  virtual ~SessionHandler() = default;
  // Where the next bytes go; empty: nothing is to be read now (the session reads again after resume_reading()).
  virtual std::span<char> read_window() = 0;
  virtual void on_read(size_t count) = 0;  // `count` bytes are in the window
  virtual void on_writable() = 0;          // after wait_writable()
  virtual void on_peer_closed() = 0;       // end of stream or an error; the session is still open on our side
};

class Session {
 public:
  struct Impl;
  explicit Session(std::unique_ptr<Impl> impl);
  ~Session();

  void start(SessionHandler& handler);
  void resume_reading();  // arms reading, if it is not
  // Writes some of the pieces without blocking; how many bytes went out, 0 when the socket is full, -1 when the peer has
  // gone.
  long write_some(std::span<const std::string_view> pieces);
  void wait_writable();
  void close();
  void reset();  // close, and the peer sees a reset
  bool is_open() const;
  bool idle() const;  // closed, and no handler will be called any more

  std::string peer_address() const;   // "127.0.0.1:51234", "[::1]:51234"
  std::string local_address() const;
  int descriptor() const;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace net
