// SPDX-License-Identifier: MIT
//
// Whoever sends a signal twice does not want to wait. The loop hears of signals between two turns
// only, and a turn that saves takes as long as it takes: so the second one is caught where it
// arrives, in a signal handler of the plain kind, which may do next to nothing. One per process.
#pragma once

#include <csignal>

namespace shutdown {

class SecondSignal {
 public:
  ~SecondSignal() { disarm(); }

  // From now on SIGTERM and SIGINT end the process at once, with status 1. What the loop had
  // installed comes back with disarm().
  void arm();
  void disarm();
  bool armed() const { return armed_; }

  [[noreturn]] static void exit_at_once();  // safe in a signal handler

 private:
  struct sigaction before_terminate_ = {};
  struct sigaction before_interrupt_ = {};
  bool armed_ = false;
};

}  // namespace shutdown
