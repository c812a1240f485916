// SPDX-License-Identifier: MIT
#include "08-replication/replication.h"

#include <fmt/format.h>

#include <algorithm>

#include "06-rdb/snapshot_loader.h"
#include "06-rdb/snapshot_saver.h"
#include "07-pubsub/shared_handlers.h"
#include "shared/resp/request_writer.h"
#include "shared/server/server.h"
#include "shared/util/numbers.h"

namespace replication {

using command::Client;
using command::Command;
using command::Gate;

constexpr std::string_view kTooFewReplicas = "NOREPLICAS Not enough good replicas to write.";
constexpr std::string_view kReplicaTalks = "ERR Replica can't interact with the keyspace";
constexpr std::string_view kMasterDown =
    "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.";

Replication::Replication(server::Server& server)
    : server_(server),
      master_(server, state_,
              [&server](const std::string& path) {
                return server.parts.get<rdb::SnapshotSaver>().save_to_file(path);
              }),
      replica_(server, state_, master_) {
  make_gates();
  describe_snapshot();
  replica_.on_change([this] { update_gates(); });
}

// The master's own commands pass every gate; so do those of a log that is being replayed.
void Replication::make_gates() {
  const auto obeyed = [this](const Client& client) {
    return client.kind == Client::Kind::Master ||
           (client.owner == nullptr && server_.loading.active());
  };
  too_few_replicas_.order = Gate::kTooFewReplicas;
  too_few_replicas_.concerns = command::kWrite;
  too_few_replicas_.check = [this, obeyed](const Client& client,
                                           const Command&) -> std::string_view {
    const bool enough = master_.count_good() >= static_cast<size_t>(settings().min_replicas);
    return enough || obeyed(client) ? "" : kTooFewReplicas;
  };
  read_only_.order = Gate::kReadOnlyReplica;
  read_only_.concerns = command::kWrite;
  read_only_.check = [obeyed](const Client& client, const Command&) -> std::string_view {
    return obeyed(client) ? "" : util::errors::kReadOnly.text;
  };
  stale_.order = Gate::kStaleReplica;
  stale_.concerns = Gate::kEverything;
  stale_.check = [obeyed](const Client& client, const Command& command) -> std::string_view {
    return (command.row->flags & command::kStale) != 0 || obeyed(client) ? "" : kMasterDown;
  };
  talks_.order = Gate::kStranger - 1;
  talks_.concerns = Gate::kEverything;
  talks_.per_client = true;
  talks_.check = [this](const Client& client, const Command& command) { return check_talk(client, command); };
  for (Gate* gate : {&too_few_replicas_, &read_only_, &stale_, &talks_}) server_.executor.add_gate(*gate);
}

void Replication::update_gates() {
  const bool follows = state_.is_replica();
  too_few_replicas_.closed =
      !follows && settings().min_replicas > 0 && settings().min_replicas_max_lag > 0;
  read_only_.closed = follows && settings().read_only;
  stale_.closed =
      follows && !settings().serve_stale_data && replica_.phase() != Replica::Phase::Connected;
  server_.executor.gates_changed();
  server_.parts.get<pubsub::Greeting>().role = follows ? "replica" : "master";
  on_update();
}

// A snapshot says where it stands in the stream, so that a restart need not cost a full copy.
void Replication::describe_snapshot() {
  auto& saver = server_.parts.get<rdb::SnapshotSaver>();
  saver.add_aux_source([this](std::vector<rdb::AuxField>& fields) {
    if (!state_.recording) return;
    const int db = state_.is_replica() ? replica_.stream_db() : state_.stream_db;
    fields.push_back({"repl-stream-db", std::to_string(std::max(db, 0))});
    fields.push_back({"repl-id", state_.history.id});
    fields.push_back({"repl-offset", std::to_string(state_.stream.end())});
  });
  struct Found {
    std::string id;
    int64_t position = -1;
    int db = 0;
  };
  auto& loader = server_.parts.get<rdb::SnapshotLoader>();
  loader.on_aux([this, found = Found{}](std::string_view name, std::string_view value) mutable {
    if (state_.recording) return;  // only what the server started with
    if (name == "repl-stream-db") found.db = static_cast<int>(util::parse_int64(value).value_or(0));
    if (name == "repl-id" && value.size() == History::kIdLength) found.id = value;
    if (name == "repl-offset") found.position = util::parse_int64(value).value_or(-1);
    if (name != "repl-offset" || found.id.empty() || found.position < 0) return;
    const bool known = found.db >= 0 && found.db < server_.databases.count();
    replica_.restore(found.id, found.position, known ? found.db : 0);
  });
  // What the file holds and is over by now goes from the replicas, too, which come back and go on where they were.
  loader.on_expired([this](int db, std::string_view key) {
    if (!state_.recording || state_.is_replica()) return;
    const std::string_view words[] = {"DEL", key};
    util::ByteBuffer request;
    resp::append_request(request, words);
    master_.consume(db, request.view());
  });
}

// A reply would stand in the middle of the replica's stream.
std::string_view Replication::check_talk(const Client& client, const Command& command) const {
  const bool silent = command.name == "replconf" || command.name == "psync" || command.name == "sync";
  if (client.kind != Client::Kind::Replica || silent || client.owner == nullptr) return "";
  server_.log.warning(fmt::format("Replica generated a reply to command '{}', disconnecting it: {}",
                                  command.name, client.owner->peer_address()));
  client.owner->close_later();  // so it does not hear why
  if ((command.row->flags & (command::kWrite | command::kReadOnly | command::kMayReplicate)) == 0)
    return kReplicaTalks;
  server_.log.warning(
      fmt::format("== CRITICAL == This master is sending an error to its replica: '-{}' after processing the command '{}'",
                  kReplicaTalks, command.name));
  return kReplicaTalks;
}

bool Replication::everybody_has_everything() const {
  const auto& replicas = master_.replicas();
  return std::all_of(replicas.begin(), replicas.end(), [this](const ReplicaClient* replica) {
    return replica->acknowledged >= master_.last_change();
  });
}

server::ShutdownStep::Outcome Replication::catch_up(const server::ShutdownRequest& request) {
  using Outcome = server::ShutdownStep::Outcome;
  const auto& replicas = master_.replicas();
  if (replicas.empty()) return stop_waiting(), Outcome::Done;
  if (!request.now && !everybody_has_everything() && server_.clock.wall_ms() < request.deadline) {
    if (!std::exchange(shutting_down_, true)) {
      server_.log.notice("Waiting for replicas before shutting down.");
      master_.ask_for_acknowledgements();
    }
    return Outcome::Waiting;
  }
  size_t behind = 0;
  for (const ReplicaClient* replica : replicas) {
    if (replica->acknowledged >= master_.last_change()) continue;
    ++behind;
    const auto silence = (server_.clock.wall_ms() - replica->acknowledged_at) / 1000;
    server_.log.notice(fmt::format(
        "Lagging replica {} reported offset {} behind master, lag={}, state={}.", replica->name(),
        master_.last_change() - replica->acknowledged,
        replica->state == ReplicaClient::State::Online ? silence : 0, replica->state_name()));
  }
  server_.log.notice(fmt::format("{} of {} replicas are in sync when shutting down.",
                                 replicas.size() - behind, replicas.size()));
  return stop_waiting(), Outcome::Done;
}

void Replication::stop_waiting() { shutting_down_ = false; }

}  // namespace replication
