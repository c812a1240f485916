// SPDX-License-Identifier: MIT
//
// Whoever looks on while commands run: MONITOR, the slow log, the latency monitor, tracking. An observer says which
// commands it wants to hear of, all of them or the slow ones; the executor keeps one threshold for all observers, so that
// a command which nobody cares about costs one comparison. Observers live as long as the executor. The loop thread's alone.
#pragma once

#include <cstdint>
#include <limits>

#include "shared/command/blocking.h"
#include "shared/command/client.h"
#include "shared/command/command_table.h"
#include "shared/resp/request_parser.h"

namespace command {

// A handler has returned. Valid during the call only.
struct Execution {
  Client& client;
  const Command& command;
  resp::Args args;    // as sent; what the handler redacted reads "(redacted)"
  uint64_t ticks;     // util::cpu_ticks(); of a command that waited, the time in which it ran
  Attempt attempt;    // Resumed, TimedOut: it has been seen before, unfinished
  bool finished;      // false: the client waits, and the command runs again later
  bool failed;        // it answered an error
  bool outermost;     // not within EXEC
};

class Observer {
 public:
  static constexpr uint64_t kNothing = std::numeric_limits<uint64_t>::max();
  static constexpr uint64_t kEverything = 0;

  virtual ~Observer() = default;
  // Behind the command, before its changes are passed on to log and replicas. May append to any client's output.
  virtual void after_command(const Execution& execution) = 0;
};

}  // namespace command
