// SPDX-License-Identifier: MIT
#include "shared/server/pause.h"

#include <algorithm>

#include "shared/server/turn.h"

namespace server {

using command::Client;
using command::Gate;

static std::string_view postpone_clients(const Client& client, const command::Command&) {
  return client.kind == Client::Kind::Replica || !client.may_block ? std::string_view{}
                                                                   : Gate::kPostpone;
}

Pause::Pause(command::Executor& executor, Turn& turn) : executor_(executor), turn_(turn) {
  gate_.order = Gate::kPaused;
  gate_.check = postpone_clients;
  gate_.queue = &queue_;
  executor_.add_gate(gate_);
}

void Pause::change(Purpose purpose, What what) {
  by_purpose_[static_cast<size_t>(purpose)] = what;
  const What before = what_;
  what_ = *std::max_element(by_purpose_.begin(), by_purpose_.end());
  gate_.closed = what_ != What::Nothing;
  gate_.concerns =
      what_ == What::Everything ? Gate::kEverything : command::kWrite | command::kMayReplicate;
  executor_.gates_changed();
  executor_.databases().environment().set_paused(what_ != What::Nothing);
  if (what_ >= before) return;
  executor_.blocking().wake(queue_);  // whoever still may not run is postponed again
  turn_.request_end();
}

}  // namespace server
