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
    const ShutdownStep& step = steps_[next_];
    asked_ = next_ + 1;
    std::string why;
    const Outcome outcome = step.run(request_, why);
    if (outcome == Outcome::Waiting && clock_.wall_ms() < request_.deadline) return state_;
    if (outcome == Outcome::Refused) {
      log_.warning(why + (request_.force ? ". Exit anyway." : ", can't exit."));
      if (!request_.force) {
        call_off();
        return state_;
      }
      exit_status_ = 1;
    }
    ++next_;
  }
  return state_ = State::Finished;
}

void Sequencer::call_off() {
  for (; asked_ > 0; --asked_) {
    if (const auto& undo = steps_[asked_ - 1].undo) undo();
  }
  state_ = State::Idle;
}

}  // namespace shutdown
