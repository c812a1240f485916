// SPDX-License-Identifier: MIT
//
// A time in which clients' commands wait instead of running: those that may change keys, or all.
// Each purpose (a server that stops, a failover, CLIENT PAUSE) begins and ends its own pause;
// commands go on when none is left that concerns them, in order of arrival and through every gate
// again. Never waiting: replicas, and clients that cannot (the log's replay, a master's stream).
// Meanwhile no key goes by itself: what expires is hidden and stays. Redis: pauseActions(). The loop thread's alone.
#pragma once

#include <array>
#include <cstdint>

#include "shared/command/executor.h"

namespace server {

class Turn;

class Pause {
 public:
  enum class Purpose : uint8_t { Shutdown, Failover, Client };
  enum class What : uint8_t { Nothing, Writes, Everything };

  Pause(command::Executor& executor, Turn& turn);
  Pause(const Pause&) = delete;

  void begin(Purpose purpose, What what) { change(purpose, what); }
  void end(Purpose purpose) { change(purpose, What::Nothing); }
  What what() const { return what_; }  // the strictest of all

 private:
  void change(Purpose purpose, What what);

  command::Executor& executor_;
  Turn& turn_;
  command::WaitQueue queue_;
  command::Gate gate_;
  std::array<What, 3> by_purpose_{};
  What what_ = What::Nothing;
};

}  // namespace server
