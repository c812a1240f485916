// SPDX-License-Identifier: MIT
//
// Shows where the loop is when it has not come round for too long: a timer that each round winds up again; when it runs
// out, its signal (SIGALRM) interrupts whatever holds the loop up, and the log gets the stack. For whoever hunts such a
// thing in a running server; off otherwise.
// Invariant: at most one is on in a process; it belongs to the thread that switched it on.
#pragma once

#include <cstdint>

#include "shared/server/log.h"

namespace crash_report {

class Watchdog {
 public:
  explicit Watchdog(const server::Log& log) : log_(log) {}
  ~Watchdog() { set_period(0); }
  Watchdog(const Watchdog&) = delete;

  // Milliseconds that a round may take; 0: off.
  void set_period(int64_t milliseconds);
  // The loop has come round.
  void wind_up() const;

 private:
  static void on_signal(int);

  const server::Log& log_;
  int64_t period_ = 0;
};

}  // namespace crash_report
