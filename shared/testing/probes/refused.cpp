// SPDX-License-Identifier: MIT
//
// A server that stops: it has closed its door, and goes on with those who are inside.
#include <csignal>
#include <thread>

#include "shared/testing/probes/probe.h"

namespace probes {

void refused(const ProbeCall& call) {
  const Deadline deadline = transcript::Clock::now() + transcript::milliseconds(2000);
  while (transcript::Clock::now() < deadline) {
    if (::kill(call.pid, 0) != 0) transcript::fail("the server has gone");
    const int socket = Connection::open_socket(call.port, 0);
    if (socket < 0) return;
    Connection closed_again(socket);
    std::this_thread::sleep_for(transcript::milliseconds(5));
  }
  transcript::fail("the server still takes new connections");
}

}  // namespace probes
