// SPDX-License-Identifier: MIT
#include "09-shutdown/second_signal.h"

#include <unistd.h>

#include <string_view>
#include <utility>

namespace shutdown {

void SecondSignal::exit_at_once() {
  constexpr std::string_view kText = "You insist... exiting now.\n";
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, kText.data(), kText.size());
  _exit(1);
}

void SecondSignal::arm() {
  if (std::exchange(armed_, true)) return;
  struct sigaction action = {};
  action.sa_handler = [](int) { exit_at_once(); };
  sigaction(SIGTERM, &action, &before_terminate_);
  sigaction(SIGINT, &action, &before_interrupt_);
}

void SecondSignal::disarm() {
  if (!std::exchange(armed_, false)) return;
  sigaction(SIGTERM, &before_terminate_, nullptr);
  sigaction(SIGINT, &before_interrupt_, nullptr);
}

}  // namespace shutdown
