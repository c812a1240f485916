// SPDX-License-Identifier: MIT
#include "01-tcp-echo/listener.h"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/redirect_error.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <chrono>
#include <cstdio>

#include "01-tcp-echo/process.h"

namespace tcp_echo {

using asio::ip::tcp;

tcp::acceptor listen(asio::io_context& io, uint16_t port) {
  tcp::acceptor acceptor(io);
  const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), port);
  acceptor.open(endpoint.protocol());
  acceptor.set_option(tcp::acceptor::reuse_address(true));
  acceptor.bind(endpoint);
  acceptor.listen();
  return acceptor;
}

// Nothing can be accepted now, and trying again at once would keep the CPU busy with failing: give sessions time to end.
static asio::awaitable<void> pause_before_next_accept() {
  asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::milliseconds(20));
  co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<void> accept_loop(tcp::acceptor& acceptor, SessionFunction session) {
  for (;;) {
    // [01.3b begin] a failed accept ends nothing
    //stub: tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);  // throws when it fails
    asio::error_code error;
    tcp::socket socket = co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::operation_aborted) co_return;  // we are stopping
    if (error) {
      co_await pause_before_next_accept();
      continue;
    }
    // [01.3b end]
    socket.set_option(tcp::no_delay(true), error);  // small replies go out at once
    // [01.2 begin] each connection runs on its own; this loop goes on
    //stub: co_await session(std::move(socket));  // everybody else waits
    asio::co_spawn(acceptor.get_executor(), session(std::move(socket)), asio::detached);
    // [01.2 end]
  }
}

int serve(int argc, char** argv, const char* name, SessionFunction session) {
  const Options options = parse_options(argc, argv);
  raise_file_limit();
  try {
    asio::io_context io(1);
    tcp::acceptor acceptor = listen(io, options.port);
    asio::signal_set signals(io, SIGINT, SIGTERM);
    signals.async_wait([&](asio::error_code, int) { io.stop(); });
    asio::co_spawn(io, accept_loop(acceptor, std::move(session)), [](std::exception_ptr error) {
      if (error) std::rethrow_exception(error);
    });
    std::printf("%s: ready on port %u\n", name, unsigned{options.port});
    std::fflush(stdout);
    io.run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: port %u: %s\n", name, unsigned{options.port}, error.what());
    return 1;
  }
  return 0;
}

}  // namespace tcp_echo
