// SPDX-License-Identifier: MIT
//
// The master's role: it numbers what changes, gives every replica the same bytes, and knows who has
// acknowledged what. The first replica makes it record at all. Each turn's commands reach the
// replicas behind the log's write, together with the replies.
//
//   executor ─► propagator ─► consume(): the stream ─► end_of_turn(): references in every output
//
// On a replica the stream is filled with the master's own bytes instead, and its sub-replicas get
// them from here all the same. The loop thread's alone.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "08-replication/full_sync.h"
#include "08-replication/replica_client.h"
#include "08-replication/state.h"
#include "shared/command/blocking.h"
#include "shared/command/propagator.h"

namespace replication {

class Master final : public command::StreamConsumer {
 public:
  Master(server::Server& server, State& state, FullSync::Save save);

  command::Audience audience() const override { return command::Audience::Replicas; }
  void consume(int db, std::string_view request) override;
  int database_of_multi(int) const override { return state_.stream_db; }  // SELECT comes within, as from Redis

  // What this client said of itself so far; made when there is nothing.
  ReplicaClient& replica(command::Client& client);
  // PSYNC: goes on at `wanted` when the history is known, and answers that. False: it needs a full
  // copy.
  bool continue_from(command::Client& client, std::string_view id, int64_t wanted);
  // It waits for a snapshot from now on; the answer comes with the fork.
  void copy_to(command::Client& client, bool acknowledges);
  // From now on changes are kept, with a history of its own unless one is known.
  void record();

  void end_of_turn();
  void after_replies();  // those who have taken a piece of their snapshot get the next
  void every_second();

  const std::vector<ReplicaClient*>& replicas() const { return replicas_; }
  void forget(ReplicaClient& replica);
  // Snapshots that can go another way than through a file do.
  void carry_snapshots_with(SnapshotCarrier& carrier) { full_sync_.carry_with(carrier); }
  // It has loaded what a carrier brought; what happened since the fork follows.
  void begin_stream(ReplicaClient& replica);
  void disconnect_all();  // they come back and hear what has changed

  // Acknowledgements.
  void acknowledged(ReplicaClient& replica, int64_t offset);
  size_t count_acknowledged(int64_t offset) const;
  size_t count_durable(int64_t offset) const;  // … to be on the replica's disk
  size_t count_good() const;        // online, and heard of within min-replicas-max-lag
  void ask_for_acknowledgements();  // at the end of this turn
  command::WaitQueue& waiting() { return waiting_; }
  // Where the last change ends. What follows in the stream asks and greets, and nobody needs to wait for it.
  int64_t last_change() const { return last_change_; }

 private:
  void append(std::string_view bytes);
  void send_stream(ReplicaClient& replica);
  void disable_nodelay(const command::Client& client);
  void hold_unsent(int64_t position) { unsent_ = ReplicationStream::Hold(state_.stream, position); }
  void keep_alive();
  void drop_silent();
  void drop_overflowing();
  void forget_backlog();

  server::Server& server_;
  State& state_;
  std::vector<ReplicaClient*>
      replicas_;  // those that have asked for synchronisation, in order of arrival
  FullSync full_sync_;
  // What the replicas have not been given yet stays, however much one turn writes. Set while there are any.
  ReplicationStream::Hold unsent_;
  command::WaitQueue waiting_;  // WAIT, until somebody acknowledges
  bool consuming_ = false;
  bool acks_wanted_ = false;
  int64_t last_change_ = 0;
  int64_t seconds_ = 0;
  util::UnixMs alone_since_ = 0;
};

}  // namespace replication
