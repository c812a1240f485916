// SPDX-License-Identifier: MIT
#include "08-replication/master.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>

#include "07-pubsub/output_limits.h"
#include "shared/server/server.h"
#include "shared/util/todo.h"

namespace replication {

using Phase = ReplicaClient::State;

constexpr std::string_view kPing = "*1\r\n$4\r\nping\r\n";
constexpr std::string_view kGetAck = "*3\r\n$8\r\nREPLCONF\r\n$6\r\nGETACK\r\n$1\r\n*\r\n";

static std::string select_request(int db) {
  const std::string number = std::to_string(db);
  return fmt::format("*2\r\n$6\r\nSELECT\r\n${}\r\n{}\r\n", number.size(), number);
}

Master::Master(server::Server& server, State& state, FullSync::Save save)
    : server_(server), state_(state), full_sync_(server, state, replicas_, std::move(save)) {}

ReplicaClient& Master::replica(command::Client& client) {
  ReplicaClient* known = client.parts.find<ReplicaClient>();
  return known != nullptr ? *known : client.parts.add<ReplicaClient>(*this, client);
}

void Master::forget(ReplicaClient& replica) {
  const size_t before = replicas_.size();
  std::erase(replicas_, &replica);
  if (replicas_.size() == before) return;
  full_sync_.left(replica);
  replica.hold = {};
  state_.stream.trim();
  server_.log.notice(fmt::format("Connection with replica {} lost.", replica.name()));
  if (replicas_.empty()) alone_since_ = server_.clock.wall_ms();
}

void Master::disconnect_all() {
  full_sync_.cancel();
  for (ReplicaClient* replica : replicas_) {
    if (replica->client.owner != nullptr) replica->client.owner->close_later();
  }
}

void Master::record() {
  if (!std::exchange(consuming_, true)) server_.propagator.add(*this);
  if (std::exchange(state_.recording, true)) return;
  alone_since_ = server_.clock.wall_ms();
  if (state_.is_replica()) return;
  state_.history.start_over();
  server_.log.notice(
      fmt::format("Replication backlog created, my new replication IDs are '{}' and '{}'",
                  state_.history.id, state_.history.previous_id));
}

void Master::append(std::string_view bytes) {
  state_.stream.append(bytes);
  server_.turn.request_end();
}

// On a replica the master's bytes are the stream; what its own clients write stays here.
void Master::consume(int db, std::string_view request) {
  if (!state_.recording || state_.is_replica()) return;
  if (std::exchange(state_.stream_db, db) != db) append(select_request(db));
  append(request);
  last_change_ = state_.stream.end();
  if (command::Client* writer = server_.executor.current()) writer->written_in_stream = last_change_;
}

bool Master::continue_from(command::Client& client, std::string_view id, int64_t wanted) {
  const auto position =
      resume_position(state_.history, state_.stream, state_.recording, id, wanted);
  ReplicaClient& replica = this->replica(client);
  if (!position) {
    if (id == "?") {
      server_.log.notice(fmt::format("Full resync requested by replica {}", replica.name()));
    } else {
      ++state_.refused_partial_syncs;
      server_.log.notice(fmt::format(
          "Unable to partial resync with replica {} (it asked for {}:{}, I have {} from {} to {})",
          replica.name(), id, wanted, state_.history.id, state_.stream.begin() + 1,
          state_.stream.end()));
    }
    return false;
  }
  ++state_.partial_syncs;
  client.kind = command::Client::Kind::Replica;
  client.gate_mask = command::Gate::kEverything;
  client.reply.simple(replica.knows_new_ids ? fmt::format("CONTINUE {}", state_.history.id)
                                            : std::string("CONTINUE"));
  replica.state = Phase::Online;
  replica.sent = *position;
  replica.acknowledged_at = server_.clock.wall_ms();
  replicas_.push_back(&replica);
  hold_unsent(unsent_ ? std::min(*position, unsent_.position()) : *position);
  server_.log.notice(
      fmt::format("Partial resynchronization request from {} accepted. Sending {} bytes of backlog "
                  "starting from offset {}.",
                  replica.name(), state_.stream.end() - *position, wanted));
  server_.turn.request_end();
  return true;
}

void Master::copy_to(command::Client& client, bool acknowledges) {
  ++state_.full_syncs;
  ReplicaClient& replica = this->replica(client);
  client.kind = command::Client::Kind::Replica;
  client.gate_mask = command::Gate::kEverything;
  replica.acknowledges = acknowledges;
  replica.state = Phase::WaitStart;
  replica.asked_at = server_.clock.wall_ms();
  replicas_.push_back(&replica);
  if (state_.settings.disable_nodelay) disable_nodelay(client);
  record();
  server_.turn.request_end();  // the fork comes behind this turn's commands
}

// Fewer packets, and up to 40 ms until they leave.
void Master::disable_nodelay(const command::Client& client) {
  const server::Connection* connection = server_.clients.find(client.id);
  const int off = 0;
  if (connection == nullptr) return;
  (void)setsockopt(connection->session().descriptor(), IPPROTO_TCP, TCP_NODELAY, &off, sizeof off);
}

void Master::begin_stream(ReplicaClient& replica) {
  replica.sent = replica.hold.position();
  send_stream(replica);
  replica.hold = {};
  server_.log.notice(fmt::format("Synchronization with replica {} succeeded", replica.name()));
}

void Master::send_stream(ReplicaClient& replica) {
  if (replica.state != Phase::Online || replica.snapshot_only || replica.stream_on_ack ||
      replica.sent == state_.stream.end())
    return;
  state_.stream.copy_to(replica.client.output, replica.sent);
  replica.sent = state_.stream.end();
  if (replica.client.owner != nullptr) replica.client.owner->output_added();
}

void Master::end_of_turn() {
  if (replicas_.empty()) {
    unsent_ = {};
    return;
  }
  full_sync_.serve_waiting();
  if (std::exchange(acks_wanted_, false) && !state_.is_replica()) append(kGetAck);
  for (ReplicaClient* replica : replicas_) send_stream(*replica);
  if (unsent_ && unsent_.position() == state_.stream.end()) return;
  hold_unsent(state_.stream.end());
  state_.stream.trim();
}

void Master::after_replies() {
  for (ReplicaClient* replica : replicas_) {
    if (replica->state == Phase::SendSnapshot && replica->client.output.empty())
      full_sync_.feed(*replica);
  }
}

void Master::every_second() {
  ++seconds_;
  keep_alive();
  drop_silent();
  drop_overflowing();
  forget_backlog();
}

void Master::keep_alive() {
  // [08.5a begin] every ping_period seconds kPing through the stream, if it is ours; a newline for those who wait for a snapshot
  //stub: (void)kPing;  // silence
  if (!replicas_.empty() && !state_.is_replica() && seconds_ % state_.settings.ping_period == 0)
    append(kPing);
  for (ReplicaClient* replica : replicas_) {
    if (replica->state != Phase::WaitStart && replica->state != Phase::WaitEnd) continue;
    replica->client.output.append("\n");
    if (replica->client.owner != nullptr) replica->client.owner->output_added();
  }
  // [08.5a end]
}

void Master::drop_silent() {
  const util::UnixMs oldest = server_.clock.wall_ms() - int64_t{1000} * state_.settings.timeout;
  // [08.5c begin] whoever should acknowledge and has not since `oldest`: "Disconnecting timedout replica …" in the log, gone
  //stub: (void)oldest;  // they stay for ever
  for (ReplicaClient* replica : replicas_) {
    if (replica->state != Phase::Online || !replica->acknowledges || replica->snapshot_only)
      continue;
    if (replica->acknowledged_at >= oldest) continue;
    server_.log.warning(
        fmt::format("Disconnecting timedout replica (streaming sync): {}", replica->name()));
    if (replica->client.owner != nullptr) replica->client.owner->close_later();
  }
  // [08.5c end]
}

// What is held for a replica that waits for its snapshot counts as its output, which it will be.
void Master::drop_overflowing() {
  const auto* limits = server_.parts.find<pubsub::OutputLimits>();
  for (ReplicaClient* replica : replicas_) {
    if (limits == nullptr || !replica->hold) continue;
    const auto waiting = static_cast<uint64_t>(state_.stream.end() - replica->hold.position());
    const uint64_t most = limits->of(replica->client).hard;
    if (most == 0 || waiting < most) continue;
    server_.log.warning(fmt::format(
        "Replica {} scheduled to be closed ASAP for overcoming of output buffer limits.",
        replica->name()));
    if (replica->client.owner != nullptr) replica->client.owner->close_later();
  }
}

// Nobody has followed us for long. What changes from now on is not numbered, so the numbers mean
// nothing to anybody.
void Master::forget_backlog() {
  const int64_t ttl = state_.settings.backlog_ttl;
  if (!state_.recording || state_.is_replica() || !replicas_.empty() || ttl == 0) return;
  if (server_.clock.wall_ms() - alone_since_ <= ttl * 1000) return;
  state_.history.start_over();
  state_.stream.restart(state_.stream.end());
  state_.recording = false;
  server_.log.notice(
      fmt::format("Replication backlog freed after {} seconds without connected replicas.", ttl));
}

void Master::acknowledged(ReplicaClient& replica, int64_t offset) {
  replica.acknowledged = std::max(replica.acknowledged, offset);
  replica.acknowledged_at = server_.clock.wall_ms();
  if (std::exchange(replica.stream_on_ack, false) && replica.state == Phase::Online) begin_stream(replica);
  server_.blocking.wake(waiting_);
}

void Master::ask_for_acknowledgements() {
  acks_wanted_ = true;
  server_.turn.request_end();
}

size_t Master::count_acknowledged(int64_t offset) const {
  return static_cast<size_t>(
      std::count_if(replicas_.begin(), replicas_.end(), [&](const ReplicaClient* replica) {
        return replica->state == Phase::Online && replica->acknowledged >= offset;
      }));
}

size_t Master::count_durable(int64_t offset) const {
  return static_cast<size_t>(
      std::count_if(replicas_.begin(), replicas_.end(), [&](const ReplicaClient* replica) {
        return replica->state == Phase::Online && replica->durable >= offset;
      }));
}

size_t Master::count_good() const {
  const util::UnixMs oldest =
      server_.clock.wall_ms() - int64_t{1000} * state_.settings.min_replicas_max_lag;
  return static_cast<size_t>(
      std::count_if(replicas_.begin(), replicas_.end(), [&](const ReplicaClient* replica) {
        return replica->state == Phase::Online && replica->acknowledged_at >= oldest;
      }));
}

}  // namespace replication
