// SPDX-License-Identifier: MIT
//
// Messages beside replies. While one of these lives, whatever is appended to the output of the client whose command
// runs is a message to it, and goes out behind that command's reply: nothing else would tell the two apart in RESP2, and
// a message amid an array would break it. On the stack, around the sending; nothing is replied meanwhile.
#pragma once

#include "shared/command/executor.h"

namespace command {

class OwnMessages {
 public:
  explicit OwnMessages(Executor& executor);
  ~OwnMessages();
  OwnMessages(const OwnMessages&) = delete;

 private:
  Executor& executor_;
  Client* const client_;
  resp::OutputBuffer replies_;
};

}  // namespace command
