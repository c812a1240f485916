// SPDX-License-Identifier: MIT
//
// One connection is one coroutine: it waits by being suspended, and a suspended function costs its
// frame, not a thread. All coroutines run on the one thread of the io_context; none runs while
// another does.
#pragma once

#include <asio/awaitable.hpp>
#include <asio/ip/tcp.hpp>
#include <span>

namespace tcp_echo {

// The bytes that were there, at least one; 0 when the peer has closed, reset the connection or
// vanished. A peer that leaves is no error. Never throws.
asio::awaitable<size_t> receive(asio::ip::tcp::socket& socket, std::span<char> into);

// Sends all of `bytes`, however slowly the peer reads; false when it has gone. Never throws.
// REQUIRES: `bytes` stay where they are until this returns.
asio::awaitable<bool> send(asio::ip::tcp::socket& socket, std::span<const char> bytes);

// Sends back what arrives until the peer leaves. The socket belongs to the coroutine: it closes
// when the coroutine ends. Never holds more than one buffer of bytes that the peer has not taken.
asio::awaitable<void> echo(asio::ip::tcp::socket socket);

}  // namespace tcp_echo
