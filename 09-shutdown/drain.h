// SPDX-License-Identifier: MIT
//
// The step in which clients get what they were promised. Requests that were read have been executed
// when it begins; their replies may still wait for a socket that is full. What each client is owed
// is noted once, as the place in its outgoing stream up to which it must have been sent:
//
//   bytes_out ─────────►│◄── output ──►│ ◄─ replies to come: not owed
//                       sent           owed until here
//
// So a client that goes on asking cannot hold up the shutdown; one that does not read does so for
// half of the time that is left, and the other half is for the replicas. Replicas are none of its
// business. The loop thread's alone.
#pragma once

#include <cstdint>
#include <vector>

#include "shared/server/client_registry.h"
#include "shared/server/shutdown_steps.h"
#include "shared/util/clock.h"

namespace shutdown {

class Drain {
 public:
  Drain(server::ClientRegistry& clients, util::Clock& clock) : clients_(clients), clock_(clock) {}

  server::ShutdownStep::Outcome run(const server::ShutdownRequest& request);
  void reset() { started_ = false; }  // the next run() notes anew

 private:
  struct Debt {
    uint64_t client;
    uint64_t until;  // Client::bytes_out, when it has been paid
  };
  void note_debts();

  server::ClientRegistry& clients_;
  util::Clock& clock_;
  bool started_ = false;
  std::vector<Debt> debts_;
  util::UnixMs give_up_at_ = 0;
};

}  // namespace shutdown
