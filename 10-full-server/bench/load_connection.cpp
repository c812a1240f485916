// SPDX-License-Identifier: MIT
// Readiness first (async_wait), then non-blocking calls: one buffer serves every connection.
#include "10-full-server/bench/load_connection.h"

#include <fmt/format.h>

#include <utility>

namespace bench {

LoadConnection::LoadConnection(Socket socket, std::size_t lane, std::size_t raw_reply_size,
                               LoadShared& shared)
    : socket_(std::move(socket)), lane_(lane), shared_(shared), scanner_(raw_reply_size) {
  socket_.set_option(asio::ip::tcp::no_delay(true));
  socket_.non_blocking(true);
}

void LoadConnection::start() { await_replies(); }

void LoadConnection::await_replies() {
  socket_.async_wait(Socket::wait_read, [this](const asio::error_code& error) {
    if (error) return;  // only cancellation at the end of the run
    read_replies();
    await_replies();
  });
}

void LoadConnection::read_replies() {
  asio::error_code error;
  const std::size_t size = socket_.read_some(asio::buffer(shared_.received), error);
  if (error == asio::error::would_block) return;
  if (error == asio::error::eof) fail("the server closed the connection");
  if (error) fail(error.message());
  const auto replies = scanner_.feed({shared_.received.data(), size});
  if (!replies) fail("the server answered something that is not RESP");
  if (*replies == 0) return;
  const Nanoseconds now = shared_.clock.now();
  if (*replies > shared_.pacer.in_flight(lane_)) fail("the server sent more replies than requests");
  shared_.pacer.complete(lane_, *replies, now);
  pump(now);
}

void LoadConnection::pump(Nanoseconds now) {
  if (!unsent_.empty()) return;  // what is due goes out when the socket has room again
  const std::size_t n = shared_.pacer.claim(lane_, now);
  if (n != 0) send(shared_.batch.prepare(n));
}

void LoadConnection::send(std::string_view bytes) {
  asio::error_code error;
  const std::size_t sent = socket_.write_some(asio::buffer(bytes), error);
  if (error && error != asio::error::would_block) fail(error.message());
  if (sent == bytes.size()) return;
  unsent_ = bytes.substr(sent);
  await_room();
}

void LoadConnection::await_room() {
  socket_.async_wait(Socket::wait_write, [this](const asio::error_code& wait_error) {
    if (wait_error) return;
    asio::error_code error;
    const std::size_t sent = socket_.write_some(asio::buffer(unsent_), error);
    if (error && error != asio::error::would_block) fail(error.message());
    unsent_.erase(0, sent);
    if (unsent_.empty()) {
      pump(shared_.clock.now());
    } else {
      await_room();
    }
  });
}

void LoadConnection::fail(const std::string& why) const {
  std::string line = fmt::format("{} after {} replies", why, shared_.pacer.completed());
  if (!scanner_.first_error().empty())
    line += fmt::format(" (its first error: {})", scanner_.first_error());
  throw LoadError(line);
}

}  // namespace bench
