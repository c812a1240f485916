// SPDX-License-Identifier: MIT
#include "07-pubsub/subscriber_gate.h"

#include <fmt/format.h>

#include "07-pubsub/pubsub.h"

namespace pubsub {

static constexpr std::string_view kAllowed[] = {"subscribe",    "unsubscribe", "psubscribe",
                                                "punsubscribe", "ssubscribe",  "sunsubscribe",
                                                "ping",         "quit",        "reset"};

SubscriberGate::SubscriberGate(command::Executor& executor) {
  gate_.order = command::Gate::kSubscriber;
  gate_.concerns = command::Gate::kEverything;
  gate_.per_client = true;
  gate_.check = [this](const command::Client& client, const command::Command& command) {
    return check(client, command);
  };
  executor.add_gate(gate_);
}

void SubscriberGate::find_commands(const command::CommandTable& table) {
  allowed_.assign(table.size(), false);
  for (const std::string_view name : kAllowed) {
    if (const command::Command* command = table.find_full_name(name)) allowed_[command->id] = true;
  }
}

std::string_view SubscriberGate::check(const command::Client& client,
                                       const command::Command& command) {
  // [07.5b begin] what a RESP2 subscriber may run
  //stub: (void)client;
  //stub: refusal_ = fmt::format(
  //stub:     "ERR Can't execute '{}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET "
  //stub:     "are allowed in this context",
  //stub:     command.name);
  //stub: return {};  // everything is allowed
  if (!in_subscriber_mode(client) || allowed_[command.id]) return {};
  refusal_ = fmt::format(
      "ERR Can't execute '{}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET "
      "are allowed in this context",
      command.name);
  return refusal_;
  // [07.5b end]
}

}  // namespace pubsub
