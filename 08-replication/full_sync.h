// SPDX-License-Identifier: MIT
//
// A full copy for replicas that know nothing: a child writes the data set as it is at the fork;
// what changes meanwhile is held in the stream; each replica gets the file, then the stream from
// the fork on. Replicas that come while the child writes share its snapshot; those that come later
// wait for the next.
//
//   stream   ═══════════╪════════════════════╪══════════════►
//                     fork     child saves   file there
//   replica             $length, the file's bytes, ╪═ stream from the fork on ═►
//
// The file is sent in pieces, as fast as the replica takes them: never more than a piece of it is
// in memory. It has no name any more once everybody has opened it. The loop thread's alone.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "08-replication/replica_client.h"
#include "08-replication/state.h"
#include "shared/server/child_process.h"

namespace server {
class Server;
}

namespace replication {

class FullSync {
 public:
  // Writes the data set to a file; runs in the child.
  using Save = std::function<util::Result<uint64_t>(const std::string& path)>;
  using Replicas = std::vector<ReplicaClient*>;

  FullSync(server::Server& server, State& state, Replicas& replicas, Save save)
      : server_(server), state_(state), replicas_(replicas), save_(std::move(save)) {}

  // Somebody waits for a snapshot (WaitStart): joins the one being written, or starts one when no
  // other child runs.
  void serve_waiting();
  // More of the file, when the replica has taken what it got; behind the file, the stream.
  void feed(ReplicaClient& replica);
  // The history has changed: what is being saved is nobody's any more.
  void cancel();
  bool running() const { return static_cast<bool>(at_fork_); }

 private:
  bool start();
  void attach_waiting();
  void finished(const server::ChildProcess::Outcome& outcome);
  bool open_snapshot(ReplicaClient& replica);
  bool send_piece(ReplicaClient& replica);

  server::Server& server_;
  State& state_;
  Replicas& replicas_;
  Save save_;
  ReplicationStream::Hold at_fork_;  // while the child writes
  std::string path_;
};

}  // namespace replication
