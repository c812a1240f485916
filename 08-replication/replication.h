// SPDX-License-Identifier: MIT
//
// Both roles of a server, and what depends on which of them it has: gates, the shutdown's patience,
// what a snapshot says of its place in the stream. A part of the server; commands find it here.
#pragma once

#include <functional>
#include <string>

#include "08-replication/master.h"
#include "08-replication/replica.h"
#include "08-replication/state.h"
#include "shared/command/executor.h"
#include "shared/server/shutdown_steps.h"

namespace server {
class Server;
class InfoWriter;
}  // namespace server

namespace replication {

class Replication {
 public:
  explicit Replication(server::Server& server);

  State& state() { return state_; }
  Master& master() { return master_; }
  Replica& replica() { return replica_; }
  Settings& settings() { return state_.settings; }

  void update_gates();  // after the role, the link or a parameter changed
  std::function<void()> on_update = [] {};  // called by it
  void write_info(server::InfoWriter& out);
  void write_statistics(server::InfoWriter& out) const;
  void reset_statistics() {
    state_.full_syncs = state_.partial_syncs = state_.refused_partial_syncs = 0;
  }
  // What a shutdown waits for: that the replicas have everything.
  server::ShutdownStep::Outcome catch_up(const server::ShutdownRequest& request);
  void stop_waiting();  // the shutdown was called off

 private:
  void make_gates();
  void describe_snapshot();
  bool everybody_has_everything() const;
  std::string_view check_talk(const command::Client& client, const command::Command& command) const;

  server::Server& server_;
  State state_;
  Master master_;
  Replica replica_;
  command::Gate too_few_replicas_;
  command::Gate read_only_;
  command::Gate stale_;
  command::Gate talks_;
  bool shutting_down_ = false;
};

void add_parameters(server::Server& server, Replication& replication);

}  // namespace replication
