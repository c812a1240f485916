// SPDX-License-Identifier: MIT
#include "09-shutdown/drain.h"

#include "shared/util/todo.h"

namespace shutdown {

using Outcome = server::ShutdownStep::Outcome;

// For each client that has output waiting: how far its outgoing stream must have come.
void Drain::note_debts() {
  // [09.2a begin] one debt for each client with output; replicas have a step of their own
  //stub: // nobody is owed anything
  debts_.clear();
  clients_.for_each([this](server::Connection& connection) {
    const command::Client& client = connection.client();
    if (client.output.empty() || client.kind == command::Client::Kind::Replica) return;
    debts_.push_back({.client = client.id, .until = client.bytes_out + client.output.size()});
  });
  // [09.2a end]
}

Outcome Drain::run(const server::ShutdownRequest& request) {
  const util::UnixMs now = clock_.wall_ms();
  if (!std::exchange(started_, true)) {
    note_debts();
    give_up_at_ = now + (request.deadline - now) / 2;
  }
  // [09.2b begin] strike out what is paid, and whoever has gone; wait while something is left and there is time
  //stub: return (void)clients_, Outcome::Done;
  std::erase_if(debts_, [this](const Debt& debt) {
    server::Connection* connection = clients_.find(debt.client);
    return connection == nullptr || connection->client().bytes_out >= debt.until;
  });
  return debts_.empty() || now >= give_up_at_ ? Outcome::Done : Outcome::Waiting;
  // [09.2b end]
}

}  // namespace shutdown
