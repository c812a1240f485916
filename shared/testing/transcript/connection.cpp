// SPDX-License-Identifier: MIT
//
// poll() in front of every read and write, with a deadline.
#include "shared/testing/transcript/connection.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <thread>
#include <utility>

namespace transcript {
namespace {

#ifdef MSG_NOSIGNAL
constexpr int kSendFlags = MSG_NOSIGNAL;
#else
constexpr int kSendFlags = 0;  // main() ignores SIGPIPE
#endif
constexpr std::size_t kReadBytes = 256 * 1024;
constexpr milliseconds kStalled{200};          // a stopped reader's send waits so long for room
constexpr std::size_t kUnhurriedPieces = 200;  // more pieces than this get a shorter pause

int milliseconds_left(Deadline deadline) {
  const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now()).count();
  return static_cast<int>(std::clamp<long long>(left + 1, 0, 60'000));
}

}  // namespace

int Connection::open_socket(int port, int receive_buffer) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  if (socket < 0) return -1;
  if (receive_buffer > 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket);
    return -1;
  }
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK);
  fcntl(socket, F_SETFD, FD_CLOEXEC);
  return socket;
}

Connection::Connection(int socket, Trace trace) : socket_(socket), trace_(std::move(trace)) {}

Connection::~Connection() {
  if (socket_ >= 0) ::close(socket_);
}

void Connection::split(std::size_t every, std::size_t at) {
  split_every_ = every;
  split_at_ = at;
}

bool Connection::send(std::string_view bytes, Deadline deadline) {
  if (split_at_ > 0 && split_at_ < bytes.size()) {
    const bool sent = push(bytes.substr(0, split_at_), deadline);
    std::this_thread::sleep_for(milliseconds(1));
    return sent && push(bytes.substr(split_at_), deadline);
  }
  if (split_every_ == 0 || bytes.size() <= split_every_) return push(bytes, deadline);
  const bool unhurried = bytes.size() / split_every_ <= kUnhurriedPieces;
  for (std::size_t at = 0; at < bytes.size(); at += split_every_) {
    // The pause lets the server read the piece on its own.
    if (at > 0) std::this_thread::sleep_for(std::chrono::microseconds(unhurried ? 1000 : 50));
    if (!push(bytes.substr(at, split_every_), deadline)) return false;
  }
  return true;
}

bool Connection::push(std::string_view bytes, Deadline deadline) {
  if (trace_) trace_('>', bytes);
  if (stopped_ || !queued_.empty()) {
    queued_ += bytes;
    deadline = std::min(deadline, Clock::now() + kStalled);
    std::string_view rest = queued_;
    while (!rest.empty() && !closed_ && wait(true, !stopped_, deadline)) {
      if (write_some(rest)) deadline = std::max(deadline, Clock::now() + kStalled);
    }
    queued_.erase(0, queued_.size() - rest.size());
    return true;
  }
  while (!bytes.empty() && !closed_) {
    if (!wait(true, true, deadline)) return false;
    write_some(bytes);
  }
  return true;
}

// Writes what the socket takes; true when that was something.
bool Connection::write_some(std::string_view& bytes) {
  if (closed_) return false;
  const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), kSendFlags);
  if (sent > 0) {
    bytes.remove_prefix(static_cast<std::size_t>(sent));
    return true;
  }
  // What the peer said before it closed may still be read; closed_ is found by the next read.
  if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
    bytes = {};
    receive();
  }
  return false;
}

// False at the deadline. Reads whenever there is something to read and reading is wanted.
bool Connection::wait(bool to_write, bool to_read, Deadline deadline) {
  while (true) {
    pollfd entry{socket_, static_cast<short>((to_write ? POLLOUT : 0) | (to_read ? POLLIN : 0)), 0};
    const int ready = ::poll(&entry, 1, milliseconds_left(deadline));
    if (ready < 0 && errno != EINTR) return false;
    if (ready > 0) {
      if (to_read && (entry.revents & (POLLIN | POLLHUP | POLLERR)) != 0) receive();
      if (!to_write || closed_ || (entry.revents & (POLLOUT | POLLERR | POLLHUP)) != 0) return true;
    }
    if (Clock::now() >= deadline) return false;
  }
}

void Connection::receive() {
  static thread_local std::array<char, kReadBytes> buffer;
  const std::size_t most = slow_ > 0 ? std::min(slow_, buffer.size()) : buffer.size();
  const ssize_t got = ::recv(socket_, buffer.data(), most, 0);
  if (got > 0) {
    const std::string_view bytes(buffer.data(), static_cast<std::size_t>(got));
    if (trace_) trace_('<', bytes);
    reader_.feed(bytes);
    if (slow_ > 0) std::this_thread::sleep_for(milliseconds(1));
  } else if (got == 0) {
    lost("closed the connection");
  } else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
    lost("reset the connection");
  }
}

void Connection::lost(std::string_view how) {
  closed_ = true;
  how_closed_ = how;
}

Arrival Connection::read_reply(resp::Reply& reply, Deadline deadline) {
  while (true) {
    switch (reader_.next(reply)) {
      case resp::ReadStatus::Ready:
        return Arrival::Ready;
      case resp::ReadStatus::Error:
        return Arrival::Malformed;
      case resp::ReadStatus::NeedMore:
        break;
    }
    if (closed_) return Arrival::Closed;
    if (!queued_.empty() && !stopped_) push({}, deadline);
    if (!wait(false, true, deadline)) return Arrival::Timeout;
  }
}

Arrival Connection::read_bytes(std::size_t count, Deadline deadline) {
  while (reader_.unread().size() < count) {
    if (closed_) return Arrival::Closed;
    if (!queued_.empty() && !stopped_) push({}, deadline);
    if (!wait(false, true, deadline)) return Arrival::Timeout;
  }
  return Arrival::Ready;
}

Arrival Connection::read_to_end(Deadline deadline) {
  while (!closed_) {
    if (!wait(false, true, deadline)) return Arrival::Timeout;
  }
  return Arrival::Ready;
}

void Connection::drain() {
  while (!closed_) {
    const std::size_t before = reader_.unread().size();
    pollfd entry{socket_, POLLIN, 0};
    if (::poll(&entry, 1, 0) <= 0) return;
    receive();
    if (reader_.unread().size() == before) return;
  }
}

void Connection::shutdown_write() {
  if (!half_closed_ && socket_ >= 0) ::shutdown(socket_, SHUT_WR);
  half_closed_ = true;
}

void Connection::reset() {
  const linger hard{1, 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  ::close(socket_);
  socket_ = -1;
  lost("was reset by the client");
}

}  // namespace transcript
