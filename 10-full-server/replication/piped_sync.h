// SPDX-License-Identifier: MIT
//
// A full copy without a file: the child writes its snapshot into a pipe, and each piece that comes out of it goes to every
// replica by reference. Nobody knows the length, so a mark of 40 random bytes stands before the snapshot and behind it.
//
//   child: $EOF:mark snapshot mark ─► pipe ─► piece ─┬─► replica's output ─► socket
//                                                    └─► replica's output ─► socket       at most a window waits
//
// The pipe is read while every replica has room, so the slowest sets the pace; one that takes nothing for repl-timeout goes,
// and with the last one the child. Whoever asks while it runs waits for the next; the first who asks waits a while for
// others (repl-diskless-sync-delay). A replica's stream begins when it says that it has found the mark (REPLCONF ACK).
//
// Invariant: receivers_ are connected, in state Piped, and have been given the same bytes. The child is FullSync's; the pipe
// is ours from take() to its end. The loop thread's alone, except write_in_child().
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "06-rdb/snapshot_saver.h"
#include "08-replication/replication.h"
#include "shared/net/descriptor_watch.h"

namespace piped_sync {

class PipedSync final : public replication::SnapshotCarrier {
 public:
  PipedSync(server::Server& server, replication::Replication& replication, rdb::SnapshotSaver& saver);
  ~PipedSync() override;

  bool waits_for_more(const Replicas& replicas) override;
  bool take(const Replicas& replicas) override;
  util::Result<uint64_t> write_in_child() override;
  void begin(const Replicas& replicas) override;
  void finished(bool ok) override;
  void left(replication::ReplicaClient& replica) override;

  void go_on();         // behind the replies: somebody may have room again
  void every_second();  // those who have stopped taking
  // Somebody may have waited long enough.
  void look_at_waiting(const Replicas& replicas);

 private:
  struct Receiver {
    replication::ReplicaClient* replica;
    uint64_t taken = 0;  // bytes that had left for it when it was looked at last
    util::UnixMs taken_at = 0;
  };
  void watch();
  void on_readable();
  bool read_piece();
  void give(const util::Blob& piece);
  bool room() const;
  void ended();
  void close_pipe();
  void put_online(replication::ReplicaClient& replica);
  void choose_window();

  server::Server& server_;
  replication::State& state_;
  replication::Master& master_;
  rdb::SnapshotSaver& saver_;
  std::vector<Receiver> receivers_;
  std::string mark_;
  size_t window_ = 0;  // bytes that may wait for one replica before the pipe is read again
  int read_end_ = -1;
  int write_end_ = -1;  // until the fork
  std::unique_ptr<net::DescriptorWatch> watch_;
  bool told_delay_ = false;
};

}  // namespace piped_sync
