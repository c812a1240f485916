// SPDX-License-Identifier: MIT
//
// Runs the steps that a server's parts ask for before it may exit, in their order, one at a time:
//
//             begin()            a step waits                    every step is through
//   Idle ───────────────► Running ◄──────────┘ advance() ──────────────────────────────► Finished
//     ▲                      │
//     └──────────────────────┘ a step refuses and nobody forces, or call_off(): what ran is undone, last first
//
// It knows neither sockets nor timers: whoever owns it calls advance() until the state is no longer
// Running. A step that waits is passed over once the request's deadline has come. The loop thread's
// alone.
#pragma once

#include <string>
#include <vector>

#include "shared/server/log.h"
#include "shared/server/shutdown_steps.h"
#include "shared/util/clock.h"

namespace shutdown {

class Sequencer {
 public:
  enum class State : uint8_t { Idle, Running, Finished };

  // `steps` in their order; they may be added until begin().
  Sequencer(const std::vector<server::ShutdownStep>& steps, util::Clock& clock,
            const server::Log& log)
      : steps_(steps), clock_(clock), log_(log) {}

  State state() const { return state_; }
  const server::ShutdownRequest& request() const { return request_; }

  void begin(const server::ShutdownRequest& request);  // REQUIRES: idle
  // Asks the steps from where it stopped. REQUIRES: running
  State advance();
  void call_off();  // REQUIRES: running
  // Of a server that finished: 1 when a step had refused and was forced.
  int exit_status() const { return exit_status_; }

 private:
  bool has_to_wait(server::ShutdownStep::Outcome outcome) const;
  bool refused(const std::string& why);

  const std::vector<server::ShutdownStep>& steps_;
  util::Clock& clock_;
  const server::Log& log_;
  server::ShutdownRequest request_;
  State state_ = State::Idle;
  size_t next_ = 0;   // the step to ask
  size_t asked_ = 0;  // so many were asked at least once
  int exit_status_ = 0;
};

}  // namespace shutdown
