// SPDX-License-Identifier: MIT
#include "10-full-server/durability/durability.h"

namespace durability {

using aof::AppendLog;

Durability::Durability(aof::AppendOnly& append_only, replication::Replication& replication,
                       command::Executor& executor)
    : append_only_(append_only),
      log_(append_only.log()),
      replication_(replication),
      executor_(executor) {
  log_.on_append([this] {
    if (command::Client* writer = executor_.current()) writer->written_in_log = log_.position();
  });
  log_.on_sync([this](AppendLog::SyncEvent event) { on_sync(event); });
  replication_.state().durable_offset = [this] { return durable_offset(); };
}

void Durability::on_sync(AppendLog::SyncEvent event) {
  if (event == AppendLog::SyncEvent::Begins) {
    // Bytes that were gathered but not written are not in it: then it keeps what the one before kept.
    if (log_.buffered() == 0 && replication_.state().is_replica()) syncing_ = replication_.replica().executed();
    return;
  }
  durable_ = syncing_;
  executor_.blocking().wake(waiting_);
}

int64_t Durability::durable_offset() const {
  if (!log_.is_open() || append_only_.awaits_base()) return -1;
  // What came since needs no place in the log (the master's greetings).
  if (log_.synced_position() == log_.position()) return replication_.replica().executed();
  return durable_;
}

}  // namespace durability
