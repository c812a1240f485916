// SPDX-License-Identifier: MIT
//
// The accept loop: one coroutine that hands each new connection to a session of its own and is back
// before the next.
#pragma once

#include <asio/awaitable.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <cstdint>
#include <functional>

namespace tcp_echo {

using SessionFunction = std::function<asio::awaitable<void>(asio::ip::tcp::socket)>;

// Listens on 127.0.0.1:`port`. Throws std::system_error when the port is taken.
asio::ip::tcp::acceptor listen(asio::io_context& io, uint16_t port);

// Starts `session` for every connection, for ever. Running out of descriptors or a connection that
// was gone before it was accepted does not end it.
asio::awaitable<void> accept_loop(asio::ip::tcp::acceptor& acceptor, SessionFunction session);

// Runs a server of such sessions until SIGINT or SIGTERM; the body of main(). Returns the exit
// status.
int serve(int argc, char** argv, const char* name, SessionFunction session);

}  // namespace tcp_echo
