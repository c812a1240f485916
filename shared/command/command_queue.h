// SPDX-License-Identifier: MIT
//
// Where a client's commands go instead of running, after the gates have let them pass: MULTI's queue. While a client has one
// (Client::queue), the executor offers it every command. The loop thread's alone.
#pragma once

#include "shared/resp/request_parser.h"

namespace command {

struct Command;

class CommandQueue {
 public:
  // True: it was taken, and answered. False: it runs now (EXEC, DISCARD, …). The arguments are valid during the call.
  virtual bool take(const Command& command, resp::Args args) = 0;
  // A command did not get as far: unknown, wrong number of arguments, refused by a gate.
  virtual void on_refused() = 0;

 protected:
  ~CommandQueue() = default;
};

}  // namespace command
