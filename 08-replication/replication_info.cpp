// SPDX-License-Identifier: MIT
// INFO replication, and replication's lines of INFO stats. Fields and their order: INFO of
// Redis 7.2.
#include <fmt/format.h>

#include "08-replication/replication.h"
#include "shared/server/server.h"

namespace replication {

using server::InfoWriter;
using Phase = Replica::Phase;

static void write_transfer(const Replica::Transfer& transfer, int64_t silent_seconds,
                           InfoWriter& out) {
  const double percent = transfer.total == 0 ? 0
                                             : 100 * static_cast<double>(transfer.received) /
                                                   static_cast<double>(transfer.total);
  out.field("master_sync_total_bytes", transfer.total);
  out.field("master_sync_read_bytes", transfer.received);
  out.field("master_sync_left_bytes",
            static_cast<int64_t>(transfer.total) - static_cast<int64_t>(transfer.received));
  out.field("master_sync_perc", fmt::format("{:.2f}", percent));
  out.field("master_sync_last_io_seconds_ago", silent_seconds);
}

static void write_master_link(const State& state, const Replica& replica, util::UnixMs now,
                              InfoWriter& out) {
  const bool up = replica.phase() == Phase::Connected;
  const bool syncing = replica.phase() == Phase::Transfer || replica.phase() == Phase::Loading;
  out.field("master_host", state.master_host);
  out.field("master_port", state.master_port);
  out.field("master_link_status", up ? "up" : "down");
  out.field("master_last_io_seconds_ago", up ? replica.silent_ms() / 1000 : int64_t{-1});
  out.field("master_sync_in_progress", syncing ? 1 : 0);
  out.field("slave_read_repl_offset", replica.received());
  out.field("slave_repl_offset", replica.executed());
  if (syncing) write_transfer(replica.transfer(), replica.silent_ms() / 1000, out);
  if (!up) {
    out.field("master_link_down_since_seconds",
              replica.down_since() == 0 ? int64_t{-1} : (now - replica.down_since()) / 1000);
  }
  out.field("slave_priority", state.settings.priority);
  out.field("slave_read_only", state.settings.read_only ? 1 : 0);
  out.field("replica_announced", state.settings.announced ? 1 : 0);
}

static void write_replicas(const Master& master, util::UnixMs now, InfoWriter& out) {
  int number = 0;
  for (const ReplicaClient* replica : master.replicas()) {
    const bool online = replica->state == ReplicaClient::State::Online;
    out.field(fmt::format("slave{}", number++),
              fmt::format("ip={},port={},state={},offset={},lag={}", replica->address(),
                          replica->listening_port, replica->state_name(), replica->acknowledged,
                          online ? (now - replica->acknowledged_at) / 1000 : 0));
  }
}

static std::string_view failover_name(Failover failover) {
  if (failover == Failover::None) return "no-failover";
  return failover == Failover::InProgress ? "failover-in-progress" : "waiting-for-sync";
}

void Replication::write_info(InfoWriter& out) {
  const util::UnixMs now = server_.clock.wall_ms();
  out.field("role", state_.is_replica() ? "slave" : "master");
  if (state_.is_replica()) write_master_link(state_, replica_, now, out);
  out.field("connected_slaves", master_.replicas().size());
  if (settings().min_replicas > 0 && settings().min_replicas_max_lag > 0) {
    out.field("min_slaves_good_slaves", master_.count_good());
  }
  write_replicas(master_, now, out);
  const ReplicationStream& stream = state_.stream;
  out.field("master_failover_state", failover_name(state_.failover));
  out.field("master_replid", state_.history.id);
  out.field("master_replid2", state_.history.previous_id);
  out.field("master_repl_offset", stream.end());
  out.field("second_repl_offset", state_.history.previous_end);
  out.field("repl_backlog_active", state_.recording ? 1 : 0);
  out.field("repl_backlog_size", settings().backlog_size);
  out.field("repl_backlog_first_byte_offset", state_.recording ? stream.begin() + 1 : int64_t{0});
  out.field("repl_backlog_histlen", stream.size());
}

void Replication::write_statistics(InfoWriter& out) const {
  out.field("sync_full", state_.full_syncs);
  out.field("sync_partial_ok", state_.partial_syncs);
  out.field("sync_partial_err", state_.refused_partial_syncs);
}

}  // namespace replication
