// SPDX-License-Identifier: MIT
//
// A planned change of roles: clients' writes wait, a replica catches up, we follow it, and our PSYNC makes it the master.
// Whatever ends it, writes go on: at the new master's, or here when it was called off.
//
//   begin ─► WaitingForSync ─ acknowledged all, or too late and forced ─► InProgress ─ answer to PSYNC … FAILOVER ─► None
//                  └────────────── abort: too late, FAILOVER ABORT ──────────────┴── refused: a master again
//
// Invariant: replication::State::failover is None exactly while no pause of ours holds writes. The loop thread's alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "08-replication/replication.h"
#include "shared/server/pause.h"

namespace failover {

struct Target {
  std::string host;
  int64_t port = 0;
};

struct Plan {
  std::optional<Target> target;  // none: whoever is first to have everything
  util::UnixMs deadline = 0;     // 0: none
  bool force = false;            // at the deadline the target takes over with what it has
};

// The replica that is known by this address; null: there is none.
const replication::ReplicaClient* find_replica(const replication::Master& master, const Target& target);

class Failover {
 public:
  Failover(server::Server& server, replication::Replication& replication, server::Pause& pause);

  bool running() const { return replication_.state().failover != replication::Failover::None; }
  // REQUIRES: !running(), a master with replicas
  void begin(Plan plan);
  // REQUIRES: running()
  void abort(std::string_view why);
  void on_tick();  // some times a second

 private:
  void find_caught_up();
  void hand_over();
  void answered(bool accepted);
  void end();
  std::string target_name() const;

  server::Server& server_;
  replication::Replication& replication_;
  server::Pause& pause_;
  Plan plan_;
};

}  // namespace failover
