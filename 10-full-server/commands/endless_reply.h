// SPDX-License-Identifier: MIT
//
// For replies as long as the client has asked for, whatever the server holds: a billion draws from three members. Asked
// before each item, it says whether anybody will read it. A client that its output limit closes meanwhile, and one
// whose reply is thrown away (CLIENT REPLY OFF), are spared the rest; the reply is then broken off.
// Lives on the stack of one handler.
#pragma once

#include "shared/command/context.h"

namespace full_server {

class EndlessReply {
 public:
  explicit EndlessReply(command::Context& c) : c_(c) {}

  bool wanted() {
    if (++items_ % kBetweenLooks != 0) [[likely]]
      return true;
    command::Client& client = c_.client();
    if (&c_.reply().output() != &client.output) return false;
    // Limits are looked at behind a command otherwise.
    if (client.owner != nullptr) client.owner->output_added();
    return !client.close_after_reply;
  }

 private:
  static constexpr unsigned kBetweenLooks = 64;

  command::Context& c_;
  unsigned items_ = 0;
};

}  // namespace full_server
