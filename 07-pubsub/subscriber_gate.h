// SPDX-License-Identifier: MIT
//
// Subscriber mode: a RESP2 client that listens may only change what it listens to, ping, reset or
// quit, because nothing but their order would tell a reply from a message. The gate is asked for
// clients with a gate_mask only. The commands are found once, when the server starts.
#pragma once

#include <string>
#include <vector>

#include "shared/command/executor.h"

namespace pubsub {

class SubscriberGate {
 public:
  explicit SubscriberGate(command::Executor& executor);
  void find_commands(const command::CommandTable& table);  // after it was built

 private:
  std::string_view check(const command::Client& client, const command::Command& command);

  command::Gate gate_;
  std::vector<bool> allowed_;  // by the command's id
  std::string refusal_;
};

}  // namespace pubsub
