// SPDX-License-Identifier: MIT
//
// What is on a disk: ours, by the log's own position, for WAITAOF here; and, on a replica, how far its log has the master's
// stream, which it tells with each acknowledgement (FACK). Commands wait here for the next successful sync.
// Invariant: the durable offset was executed and written before the sync began that has kept it. The loop thread's alone.
#pragma once

#include <cstdint>

#include "05-aof/append_only.h"
#include "08-replication/replication.h"
#include "shared/command/executor.h"

namespace durability {

class Durability {
 public:
  Durability(aof::AppendOnly& append_only, replication::Replication& replication,
             command::Executor& executor);

  // Whether all before this position of the log (Client::written_in_log) is kept for good.
  bool kept(int64_t position) const {
    return log_.is_open() && !append_only_.awaits_base() && log_.synced_position() >= position;
  }
  bool log_is_on() const { return append_only_.is_on(); }
  // Woken by every sync.
  command::WaitQueue& waiting() { return waiting_; }

  // As a replica: the master's offset up to which all is on our disk; -1 without a log.
  int64_t durable_offset() const;

 private:
  void on_sync(aof::AppendLog::SyncEvent event);

  aof::AppendOnly& append_only_;
  aof::AppendLog& log_;
  replication::Replication& replication_;
  command::Executor& executor_;
  command::WaitQueue waiting_;
  int64_t syncing_ = 0;  // what was executed when the running sync began
  int64_t durable_ = 0;
};

}  // namespace durability
