// SPDX-License-Identifier: MIT
#include "10-full-server/replication/failover.h"

#include <fmt/format.h>

#include "shared/server/server.h"
#include "shared/util/text.h"

namespace failover {

using replication::ReplicaClient;
using server::Pause;
using State = replication::Failover;

const ReplicaClient* find_replica(const replication::Master& master, const Target& target) {
  for (const ReplicaClient* replica : master.replicas()) {
    if (replica->listening_port == target.port && util::equal_ignoring_case(replica->address(), target.host))
      return replica;
  }
  return nullptr;
}

Failover::Failover(server::Server& server, replication::Replication& replication, Pause& pause)
    : server_(server), replication_(replication), pause_(pause) {
  replication_.replica().on_hand_over([this](bool accepted) { answered(accepted); });
}

std::string Failover::target_name() const {
  return plan_.target ? fmt::format("{}:{}", plan_.target->host, plan_.target->port) : "any replica";
}

void Failover::begin(Plan plan) {
  plan_ = std::move(plan);
  server_.log.notice(fmt::format("FAILOVER requested to {}.", target_name()));
  replication_.state().failover = State::WaitingForSync;
  pause_.begin(Pause::Purpose::Failover, Pause::What::Writes);
}

void Failover::end() {
  plan_ = {};
  replication_.state().failover = State::None;
  pause_.end(Pause::Purpose::Failover);
}

void Failover::abort(std::string_view why) {
  server_.log.notice(fmt::format("FAILOVER to {} aborted: {}", target_name(), why));
  if (replication_.state().failover == State::InProgress) replication_.replica().stop_following();
  end();
}

void Failover::answered(bool accepted) {
  if (accepted) return end();
  abort("Failover target rejected psync request");
}

void Failover::hand_over() {
  replication_.state().failover = State::InProgress;
  replication_.replica().follow(plan_.target->host, static_cast<uint16_t>(plan_.target->port));
  server_.blocking.end_all(
      "UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)");
}

// Everything up to the stream's end, greetings included: it goes on from there as the master.
void Failover::find_caught_up() {
  const int64_t end = replication_.state().stream.end();
  const replication::Master& master = replication_.master();
  const ReplicaClient* found = nullptr;
  if (plan_.target) {
    found = find_replica(master, *plan_.target);
  } else {
    for (const ReplicaClient* replica : master.replicas()) {
      if (found == nullptr && replica->acknowledged == end) found = replica;
    }
  }
  if (found == nullptr || found->acknowledged != end) return;
  if (!plan_.target) plan_.target = Target{found->address(), found->listening_port};
  server_.log.notice(fmt::format("Failover target {} is synced, failing over.", target_name()));
  hand_over();
}

void Failover::on_tick() {
  if (replication_.state().failover != State::WaitingForSync) return;
  if (plan_.deadline == 0 || server_.clock.wall_ms() < plan_.deadline) return find_caught_up();
  if (!plan_.force) return abort("Replica never caught up before timeout");
  server_.log.notice(fmt::format("FAILOVER to {} time out exceeded, failing over.", target_name()));
  hand_over();
}

}  // namespace failover
