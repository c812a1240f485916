// SPDX-License-Identifier: MIT
#include "08-replication/full_sync.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "06-rdb/snapshot_file.h"
#include "06-rdb/snapshot_saver.h"
#include "shared/server/server.h"
#include "shared/util/todo.h"

namespace replication {

using Phase = ReplicaClient::State;

// Of the file, read and handed to the socket at a time.
constexpr size_t kPiece = 64 * 1024;

void FullSync::serve_waiting() {
  const bool waiting =
      std::any_of(replicas_.begin(), replicas_.end(),
                  [](const ReplicaClient* replica) { return replica->state == Phase::WaitStart; });
  if (!waiting || server_.loading.active()) return;
  if (running() && carried_) return;  // its beginning has left already: the next
  if (running()) {
    server_.log.notice("Waiting for end of BGSAVE for SYNC");
    return attach_waiting();
  }
  if (server_.child.running() || (carrier_ != nullptr && carrier_->waits_for_more(replicas_))) return;
  if (!start()) {
    for (ReplicaClient* replica : replicas_) {
      if (replica->state == Phase::WaitStart && replica->client.owner != nullptr)
        replica->client.owner->close_later();
    }
  }
}

bool FullSync::start() {
  carried_ = carrier_ != nullptr && carrier_->take(replicas_);
  server_.log.notice(fmt::format("Starting BGSAVE for SYNC with target: {}",
                                 carried_ ? "replicas sockets" : "disk"));
  path_ = fmt::format("temp-sync-{}.rdb", getpid());
  const auto started = server_.child.start(
      rdb::kChildName,
      [this](std::string& report) {
        const auto saved = carried_ ? carrier_->write_in_child() : save_(path_);
        if (!saved) report = saved.error();
        return saved ? 0 : 1;
      },
      [this](const server::ChildProcess::Outcome& outcome) { finished(outcome); });
  if (!started) {
    server_.log.warning("BGSAVE for replication failed: fork: " + started.error());
    if (carried_) carrier_->finished(false);
    return false;
  }
  server_.log.notice(fmt::format("Background {} started by pid {}",
                                 carried_ ? "RDB transfer" : "saving", server_.child.pid()));
  child_ = server_.child.pid();
  // [08.2a begin] hold the stream where the snapshot was taken; what follows names its database
  at_fork_ = ReplicationStream::Hold(state_.stream, state_.stream.end());
  state_.stream_db = -1;
  // [08.2a end]
  attach_waiting();
  if (carried_) carrier_->begin(replicas_);
  return true;
}

void FullSync::left(ReplicaClient& replica) {
  if (carrier_ != nullptr) carrier_->left(replica);
  const bool wanted = std::any_of(replicas_.begin(), replicas_.end(), [](const ReplicaClient* other) {
    return other->state == Phase::WaitEnd || other->state == Phase::Piped;
  });
  if (!wanted) cancel();
}

void FullSync::cancel() {
  if (!running()) return;
  at_fork_ = {};
  server_.child.kill();
}

// The snapshot shows the data as it was at the fork: whoever gets it goes on from there, whenever
// it came.
void FullSync::attach_waiting() {
  for (ReplicaClient* replica : replicas_) {
    if (replica->state != Phase::WaitStart) continue;
    // [08.2b begin] hold the stream for it, and tell it whose stream this is and where it will begin (SYNC: nothing)
    const int64_t position = at_fork_.position();
    replica->hold = ReplicationStream::Hold(state_.stream, position);
    replica->state = Phase::WaitEnd;
    if (replica->acknowledges) {
      replica->client.reply.simple(fmt::format("FULLRESYNC {} {}", state_.history.id, position));
    }
    // [08.2b end]
    if (replica->client.owner != nullptr) replica->client.owner->output_added();
  }
}

void FullSync::finished(const server::ChildProcess::Outcome& outcome) {
  at_fork_ = {};
  const std::string_view what = carried_ ? "RDB transfer" : "saving";
  if (outcome.ok) {
    server_.log.notice(fmt::format("Background {} terminated with success", what));
  } else {
    server_.log.warning(
        outcome.signal != 0
            ? fmt::format("Background {} terminated by signal {}", what, outcome.signal)
            : fmt::format("Background {} error: {}", what, outcome.report));
  }
  const std::string unfinished = rdb::temporary_path(path_, child_);
  if (server_.files->exists(unfinished)) (void)server_.files->remove(unfinished);
  server_.turn.request_end();
  if (carried_) return carrier_->finished(outcome.ok);
  for (ReplicaClient* replica : replicas_) {
    if (replica->state != Phase::WaitEnd) continue;
    if (outcome.ok && open_snapshot(*replica)) {
      feed(*replica);
    } else {
      server_.log.warning("SYNC failed. BGSAVE child returned an error");
      if (replica->client.owner != nullptr) replica->client.owner->close_later();
    }
  }
  if (server_.files->exists(path_)) (void)server_.files->remove(path_);
}

bool FullSync::open_snapshot(ReplicaClient& replica) {
  auto file = server_.files->open(path_, util::OpenMode::Read);
  if (!file) return false;
  const auto size = file.value()->size();
  if (!size) return false;
  replica.snapshot = std::move(file.value());
  replica.snapshot_left = size.value();
  replica.state = Phase::SendSnapshot;
  replica.client.output.append(fmt::format("${}\r\n", replica.snapshot_left));
  return true;
}

// False: the file cannot be read, and the replica is given up.
bool FullSync::send_piece(ReplicaClient& replica) {
  util::Blob piece(kPiece);
  const auto count =
      replica.snapshot->read({piece.data(), std::min<uint64_t>(kPiece, replica.snapshot_left)});
  if (!count || count.value() == 0) {
    server_.log.warning("Read error sending DB to replica: " +
                        (count ? "the file is too short" : count.error()));
    if (replica.client.owner != nullptr) replica.client.owner->close_later();
    return false;
  }
  piece.set_size(count.value());
  replica.snapshot_left -= count.value();
  replica.client.output.append_shared(piece);
  return true;
}

void FullSync::feed(ReplicaClient& replica) {
  resp::OutputBuffer& output = replica.client.output;
  // [08.2c begin] the file, a piece at a time, and then everything that happened since the fork
  while (replica.snapshot_left > 0 && output.size() < kPiece) {
    if (!send_piece(replica)) return;
  }
  if (replica.snapshot_left == 0) {
    replica.snapshot.reset();
    if (!replica.snapshot_only) state_.stream.copy_to(output, replica.hold.position());
    replica.sent = state_.stream.end();
    replica.hold = {};
    replica.state = Phase::Online;
    replica.acknowledged_at = server_.clock.wall_ms();
    server_.log.notice(fmt::format("Synchronization with replica {} succeeded", replica.name()));
  }
  // [08.2c end]
  if (replica.client.owner != nullptr) replica.client.owner->output_added();
}

}  // namespace replication
