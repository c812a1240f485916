// SPDX-License-Identifier: MIT
#include "09-shutdown/sequencer.h"

#include "shared/util/todo.h"

namespace shutdown {

using server::ShutdownStep;
using Outcome = ShutdownStep::Outcome;

void Sequencer::begin(const server::ShutdownRequest& request) {
  request_ = request;
  state_ = State::Running;
  next_ = asked_ = 0;
  exit_status_ = 0;
}

Sequencer::State Sequencer::advance() {
  while (next_ < steps_.size()) {
    asked_ = next_ + 1;
    std::string why;
    const Outcome outcome = steps_[next_].run(request_, why);
    if (has_to_wait(outcome)) return state_;
    if (outcome == Outcome::Refused && refused(why)) return state_;
    ++next_;
  }
  return state_ = State::Finished;
}

// The step wants to be asked again, and there is time.
bool Sequencer::has_to_wait(Outcome outcome) const {
  return outcome == Outcome::Waiting && clock_.wall_ms() < request_.deadline;
}

// A step that refuses ends the shutdown, but for a forced one: that goes on, and its exit is not a
// clean one.
bool Sequencer::refused(const std::string& why) {
  // [09.3a begin] forced: "WHY. Exit anyway."; otherwise "WHY, can't exit." and the way back
  if (request_.force) {
    log_.warning(why + ". Exit anyway.");
    exit_status_ = 1;
    return false;
  }
  log_.warning(why + ", can't exit.");
  call_off();
  return true;
  // [09.3a end]
}

void Sequencer::call_off() {
  // [09.3b begin] what was asked is undone, last first; the next request finds the beginning
  for (; asked_ > 0; --asked_) {
    if (const auto& undo = steps_[asked_ - 1].undo) undo();
  }
  state_ = State::Idle;
  // [09.3b end]
}

}  // namespace shutdown
