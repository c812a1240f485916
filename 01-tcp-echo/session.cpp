// SPDX-License-Identifier: MIT
#include "01-tcp-echo/session.h"

#include <array>
#include <asio/buffer.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>

#include "shared/util/todo.h"

namespace tcp_echo {

using asio::ip::tcp;

asio::awaitable<size_t> receive(tcp::socket& socket, std::span<char> into) {
  // [01.3a begin] the end of a connection is an ordinary result
  //stub: co_return co_await socket.async_read_some(asio::buffer(into.data(), into.size()),
  //stub:                                             asio::use_awaitable);  // throws at the end
  asio::error_code error;
  const size_t count = co_await socket.async_read_some(
      asio::buffer(into.data(), into.size()), asio::redirect_error(asio::use_awaitable, error));
  co_return error ? 0 : count;
  // [01.3a end]
}

asio::awaitable<bool> send(tcp::socket& socket, std::span<const char> bytes) {
  // [01.4 begin] all of it, or the peer has gone
  //stub: asio::error_code error;
  //stub: co_await socket.async_write_some(asio::buffer(bytes.data(), bytes.size()),
  //stub:                                  asio::redirect_error(asio::use_awaitable, error));  // some of it
  //stub: co_return !error;
  asio::error_code error;
  co_await asio::async_write(socket, asio::buffer(bytes.data(), bytes.size()),
                             asio::redirect_error(asio::use_awaitable, error));
  co_return !error;
  // [01.4 end]
}

asio::awaitable<void> echo(tcp::socket socket) {
  std::array<char, 8192> buffer;
  // [01.1 begin] what arrives goes back, until the peer leaves
  for (;;) {
    const size_t count = co_await receive(socket, buffer);
    if (count == 0) co_return;
    const bool there = co_await send(socket, {buffer.data(), count});
    if (!there) co_return;
  }
  // [01.1 end]
}

}  // namespace tcp_echo
