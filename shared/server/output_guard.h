// SPDX-License-Identifier: MIT
//
// Whoever watches how much waits for a client (stage 07's limits). Without one a client may let any amount wait.
#pragma once

namespace command {
class Client;
}

namespace server {

class OutputGuard {
 public:
  // The client's output has grown, and none of it was sent since. May mark the client (close_later()), no more.
  virtual void output_grew(command::Client& client) = 0;

 protected:
  ~OutputGuard() = default;
};

}  // namespace server
