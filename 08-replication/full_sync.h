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

// Another way for a snapshot than through a file: to the replicas while the child writes it (the full server's). FullSync
// holds the stream at the fork and answers PSYNC; the carrier says who is served and when, and moves the bytes.
class SnapshotCarrier {
 public:
  using Replicas = std::vector<ReplicaClient*>;
  virtual ~SnapshotCarrier() = default;
  // Those who wait for a snapshot are to wait on: more may come.
  virtual bool waits_for_more(const Replicas& replicas) = 0;
  // It takes those who wait; a fork follows, and begin() or finished(false).
  virtual bool take(const Replicas& replicas) = 0;
  virtual util::Result<uint64_t> write_in_child() = 0;
  virtual void begin(const Replicas& replicas) = 0;  // they are in WaitEnd
  virtual void finished(bool ok) = 0;
  virtual void left(ReplicaClient& replica) = 0;
};

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
  // Lives as long as the server.
  void carry_with(SnapshotCarrier& carrier) { carrier_ = &carrier; }
  // It stands in no list any more. A snapshot that nobody waits for is not finished.
  void left(ReplicaClient& replica);

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
  pid_t child_ = 0;  // outlives the child's end, for its temporary file
  SnapshotCarrier* carrier_ = nullptr;
  bool carried_ = false;  // the child's snapshot is the carrier's
};

}  // namespace replication
