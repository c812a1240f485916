// SPDX-License-Identifier: MIT
#include "shared/command/own_messages.h"

#include <memory>

namespace command {

OwnMessages::OwnMessages(Executor& executor) : executor_(executor), client_(executor.current()) {
  if (client_ != nullptr) replies_.append_all(client_->output);
}

OwnMessages::~OwnMessages() {
  if (client_ == nullptr) return;
  std::shared_ptr<resp::OutputBuffer> messages;
  if (!client_->output.empty()) {
    messages = std::make_shared<resp::OutputBuffer>();
    messages->append_all(client_->output);
  }
  client_->output.append_all(replies_);
  if (messages)
    executor_.behind_reply([client = client_, messages] { client->output.append_all(*messages); });
}

}  // namespace command
