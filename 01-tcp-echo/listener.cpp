// SPDX-License-Identifier: MIT
#include "01-tcp-echo/listener.h"

#include <asio/co_spawn.hpp>
#include <asio/redirect_error.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <chrono>
#include <cstdio>
#include <exception>

#include "01-tcp-echo/process.h"
#include "shared/util/todo.h"

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

// Nothing can be accepted now, and trying again at once would keep the CPU busy with failing: give
// sessions time to end.
static asio::awaitable<void> pause_before_next_accept() {
  asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::milliseconds(20));
  co_await timer.async_wait(asio::use_awaitable);
}

// What to do when a session has ended. An exception that nobody caught is a bug of ours: it costs
// this one connection, and we want to read about it.
static void report(std::exception_ptr error) {
  if (!error) return;
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& bug) {
    std::fprintf(stderr, "a session ended by an exception: %s\n", bug.what());
  }
}

asio::awaitable<void> accept_loop(tcp::acceptor& acceptor, SessionFunction session) {
  asio::error_code error;
  for (;;) {
    // [01.3b begin] a failed accept ends nothing
    //stub: tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);  // throws when it fails
    tcp::socket socket =
        co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::operation_aborted) co_return;  // we are stopping
    if (error) {
      co_await pause_before_next_accept();
      continue;
    }
    // [01.3b end]
    socket.set_option(tcp::no_delay(true), error);  // small replies go out at once
    // [01.2 begin] each connection runs on its own; this loop goes on
    //stub: co_await session(std::move(socket));  // everybody else waits
    asio::co_spawn(acceptor.get_executor(), session(std::move(socket)), report);
    // [01.2 end]
  }
}

int serve(int argc, char** argv, const char* name, SessionFunction session) {
  const Options options = parse_options(argc, argv);
  raise_file_limit();
  util::install_todo_handler();
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
