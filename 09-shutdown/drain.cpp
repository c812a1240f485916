// SPDX-License-Identifier: MIT
#include "09-shutdown/drain.h"

#include "shared/util/todo.h"

namespace shutdown {

using Outcome = server::ShutdownStep::Outcome;

void Drain::note_debts() {
  debts_.clear();
  clients_.for_each([this](server::Connection& connection) {
    const command::Client& client = connection.client();
    if (client.output.empty() || client.kind == command::Client::Kind::Replica) return;
    debts_.push_back({.client = client.id, .until = client.bytes_out + client.output.size()});
  });
}

Outcome Drain::run(const server::ShutdownRequest& request) {
  const util::UnixMs now = clock_.wall_ms();
  if (!std::exchange(started_, true)) {
    note_debts();
    give_up_at_ = now + (request.deadline - now) / 2;
  }
  std::erase_if(debts_, [this](const Debt& debt) {
    server::Connection* connection = clients_.find(debt.client);
    return connection == nullptr || connection->client().bytes_out >= debt.until;
  });
  return debts_.empty() || now >= give_up_at_ ? Outcome::Done : Outcome::Waiting;
}

}  // namespace shutdown
