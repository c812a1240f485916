// SPDX-License-Identifier: MIT
//
// Asio's side of the loop, for the sources of this folder only.
#pragma once

#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <list>

#include "shared/net/event_loop.h"

namespace net {

struct EventLoop::Impl {
  // One thread runs the loop and touches its sockets: the reactor needs no locks for I/O. Others may still post.
  asio::io_context io{ASIO_CONCURRENCY_HINT_UNSAFE_IO};
  std::list<asio::signal_set> signals;
};

}  // namespace net
