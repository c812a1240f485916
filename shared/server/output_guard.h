// SPDX-License-Identifier: MIT
//
// Whoever watches what clients make the server keep. OutputGuard: how much waits for one of them (stage 07's limits).
// MemoryGuard: how much all of them take together (the full server's maxmemory-clients). Without one there is no limit.
#pragma once

namespace command {
class Client;
}

namespace server {

class Connection;

class OutputGuard {
 public:
  // The client's output has grown, and none of it was sent since. May mark the client (close_later()), no more.
  virtual void output_grew(command::Client& client) = 0;

 protected:
  ~OutputGuard() = default;
};

class MemoryGuard {
 public:
  // What the connection holds may have changed. May ask for the end of the turn, no more.
  virtual void memory_changed(Connection& connection) = 0;
  virtual void closed(Connection& connection) = 0;

 protected:
  ~MemoryGuard() = default;
};

}  // namespace server
