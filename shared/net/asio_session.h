// SPDX-License-Identifier: MIT
//
// Asio's side of a session, for the sources of this folder only. The executor is spelled out: 40 bytes for any_io_executor
// and 88 with it are what a socket would cost otherwise.
#pragma once

#include <asio/basic_stream_socket.hpp>
#include <asio/generic/stream_protocol.hpp>
#include <asio/io_context.hpp>

#include "shared/net/session.h"

namespace net {

using Socket = asio::basic_stream_socket<asio::generic::stream_protocol, asio::io_context::executor_type>;

struct Session::Impl {
  Impl(EventLoop& event_loop, Socket connected, std::string peer, std::string local)
      : loop(event_loop), socket(std::move(connected)), peer_name(std::move(peer)), local_name(std::move(local)) {}

  void arm_reading();
  void read_ready();

  EventLoop& loop;
  Socket socket;
  SessionHandler* handler = nullptr;
  std::string peer_name;
  std::string local_name;
  bool waiting_to_read = false;
  bool waiting_to_write = false;
};

}  // namespace net
