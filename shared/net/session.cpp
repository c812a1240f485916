// SPDX-License-Identifier: MIT
#include "shared/net/session.h"

#include <sys/socket.h>

#include <array>
#include <asio/buffer.hpp>

#include "shared/net/asio_session.h"
#include "shared/net/event_loop.h"

namespace net {

Session::Session(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Session::~Session() = default;

void Session::start(SessionHandler& handler) {
  impl_->handler = &handler;
  impl_->arm_reading();
}

void Session::resume_reading() { impl_->arm_reading(); }

void Session::Impl::arm_reading() {
  if (waiting_to_read || !socket.is_open()) return;
  waiting_to_read = true;
  socket.async_wait(Socket::wait_read, [this](asio::error_code error) {
    waiting_to_read = false;
    if (error || !socket.is_open()) return;
    loop.begin();
    read_ready();
  });
}

void Session::Impl::read_ready() {
  const std::span<char> window = handler->read_window();
  if (window.empty()) return;
  asio::error_code error;
  const size_t count = socket.read_some(asio::buffer(window.data(), window.size()), error);
  if (error == asio::error::would_block || error == asio::error::interrupted) return arm_reading();
  if (error) return handler->on_peer_closed();
  handler->on_read(count);
  arm_reading();
}

long Session::write_some(std::span<const std::string_view> pieces) {
  asio::error_code error;
  size_t count = 0;
  if (pieces.size() == 1) {
    count = impl_->socket.write_some(asio::buffer(pieces[0].data(), pieces[0].size()), error);
  } else {
    constexpr size_t kMost = 64;
    std::array<asio::const_buffer, kMost> buffers;
    const size_t used = std::min(pieces.size(), kMost);
    for (size_t i = 0; i < used; ++i) buffers[i] = asio::buffer(pieces[i].data(), pieces[i].size());
    count = impl_->socket.write_some(std::span(buffers).first(used), error);
  }
  if (error == asio::error::would_block || error == asio::error::interrupted) return 0;
  return error ? -1 : static_cast<long>(count);
}

void Session::wait_writable() {
  if (impl_->waiting_to_write || !is_open()) return;
  impl_->waiting_to_write = true;
  impl_->socket.async_wait(Socket::wait_write, [impl = impl_.get()](asio::error_code error) {
    impl->waiting_to_write = false;
    if (error || !impl->socket.is_open()) return;
    impl->loop.begin();
    impl->handler->on_writable();
  });
}

// The peer is told even while a child process of ours holds the socket, too.
void Session::close() {
  asio::error_code ignored;
  impl_->socket.shutdown(asio::socket_base::shutdown_both, ignored);
  impl_->socket.close(ignored);
}

void Session::reset() {
  asio::error_code ignored;
  impl_->socket.set_option(asio::socket_base::linger(true, 0), ignored);
  impl_->socket.close(ignored);
}

bool Session::is_open() const { return impl_->socket.is_open(); }

bool Session::idle() const { return !is_open() && !impl_->waiting_to_read && !impl_->waiting_to_write; }

std::string Session::peer_address() const { return impl_->peer_name; }

std::string Session::local_address() const { return impl_->local_name; }

int Session::descriptor() const { return impl_->socket.is_open() ? impl_->socket.native_handle() : -1; }

}  // namespace net
