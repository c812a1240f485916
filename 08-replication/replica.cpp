// SPDX-License-Identifier: MIT
#include "08-replication/replica.h"

#include <fmt/format.h>
#include <unistd.h>

#include "05-aof/append_only.h"
#include "06-rdb/snapshot_loader.h"
#include "06-rdb/snapshot_saver.h"
#include "shared/resp/request_writer.h"
#include "shared/server/server.h"
#include "shared/util/numbers.h"

namespace replication {

using keyspace::ExpiryMode;

constexpr int64_t kRetryMs = 1000;  // between two attempts to connect

Replica::Replica(server::Server& server, State& state, Master& master)
    : server_(server), state_(state), master_(master), applier_(server.executor, state.stream) {}

void Replica::enter(Phase phase) {
  const bool was_connected = phase_ == Phase::Connected;
  phase_ = phase;
  if (was_connected) down_since_ = server_.clock.wall_ms();
  if (changed_) changed_();
}

std::string_view Replica::phase_name() const {
  switch (phase_) {
    case Phase::None:
      return "none";
    case Phase::Connect:
      return "connect";
    case Phase::Connecting:
      return "connecting";
    case Phase::Handshake:
      return "handshake";
    case Phase::Transfer:
    case Phase::Loading:
      return "sync";
    case Phase::Connected:
      return "connected";
  }
  return "unknown";
}

void Replica::drop_link() {
  ++attempt_;
  link_.reset();
  if (direct_) std::exchange(direct_, nullptr)->cancel();
  file_.reset();
  if (!path_.empty() && server_.files->exists(path_)) (void)server_.files->remove(path_);
  path_.clear();
}

// A replica hides what is overdue and leaves it to its master to delete. While a data set is
// loaded, deadlines rest.
void Replica::set_expiry() {
  if (server_.loading.active()) return;
  server_.databases.environment().set_expiry(state_.is_replica() ? ExpiryMode::Hide
                                                                 : ExpiryMode::Delete);
}

void Replica::start() {
  server_.turn.add_opening([this] {
    if (applier_.may_go_on() && !on_stream({})) on_down("the stream is no valid requests");
  });
  server_.loading.on_change([this, had_stream = false](bool active) mutable {
    if (active) {
      had_stream = state_.recording;
      return;
    }
    set_expiry();
    if (had_stream && !state_.is_replica()) {
      // Other data has been loaded into a master (LOAD): its stream so far does not lead to it.
      state_.history.start_over();
      master_.disconnect_all();
    }
  });
  set_expiry();
  if (state_.is_replica()) enter(Phase::Connect);
}

void Replica::restore(std::string id, int64_t position, int stream_db) {
  if (state_.is_replica()) {
    state_.history.start_over(std::move(id));
    state_.stream.restart(position);
    applier_.client().db = stream_db;
    resumable_ = true;
    return;
  }
  // A master goes on with a history of its own; up to here it is the saved one, for replicas that
  // know that.
  master_.record();
  state_.history.start_over(std::move(id));
  state_.history.branch(position);
  state_.stream.restart(position);
}

void Replica::follow(std::string host, uint16_t port) {
  const bool was_master = !state_.is_replica();
  drop_link();
  state_.master_host = std::move(host);
  state_.master_port = port;
  if (was_master) {
    // Our own history may be one that the new master knows, too: a former master comes back as a
    // replica.
    resumable_ = true;
    applier_.client().db = 0;
    master_.record();
  }
  applier_.restart();
  set_expiry();
  connect();
}

void Replica::stop_following() {
  drop_link();
  applier_.restart();
  state_.master_host.clear();
  state_.history.branch(state_.stream.end());
  state_.stream_db = -1;
  set_expiry();
  down_since_ = 0;
  master_.disconnect_all();  // they come back, and hear of the history's new name
  enter(Phase::None);
}

void Replica::connect() {
  server_.log.notice(
      fmt::format("Connecting to MASTER {}:{}", state_.master_host, state_.master_port));
  const Settings& settings = state_.settings;
  LinkRequest request{.host = state_.master_host,
                      .port = state_.master_port,
                      .user = settings.master_user,
                      .password = settings.master_password,
                      .own_port = settings.announce_port != 0
                                      ? static_cast<uint16_t>(settings.announce_port)
                                      : server_.settings.port,
                      .announce_ip = settings.announce_ip,
                      .from_address = settings.bind_source};
  if (resumable_) {
    request.id = state_.history.id;
    request.wanted = state_.stream.end() + 1;
  }
  next_attempt_ = server_.clock.wall_ms() + kRetryMs;
  request.hands_over = state_.failover == Failover::InProgress;
  enter(Phase::Connecting);
  server_.log.notice("MASTER <-> REPLICA sync started");
  link_ = std::make_unique<MasterLink>(server_.loop, std::move(request), *this);
}

void Replica::on_tick() {
  const bool due = server_.clock.wall_ms() >= next_attempt_;
  if (phase_ == Phase::Connect && due && !server_.loading.active()) connect();
}

void Replica::every_second() {
  if (link_ == nullptr) return;
  if (phase_ == Phase::Connected) {
    acknowledge();
  } else if (phase_ == Phase::Loading) {
    link_->send("\n");  // we are still here, only busy
    return;
  }
  if (link_->silent_ms() <= int64_t{1000} * state_.settings.timeout) return;
  link_->give_up(phase_ == Phase::Connected ? "MASTER timeout: no data nor PING received..."
                 : phase_ == Phase::Transfer
                     ? "Timeout receiving bulk data from MASTER... If the problem persists try to "
                       "set the 'repl-timeout' parameter in redis.conf to a larger value."
                     : "Timeout connecting to the MASTER...");
}

void Replica::acknowledge() {
  if (link_ == nullptr || phase_ != Phase::Connected) return;
  const std::string offset = std::to_string(executed());
  const int64_t durable = state_.durable_offset();
  const std::string on_disk = std::to_string(durable);
  const std::string_view words[] = {"REPLCONF", "ACK", offset, "FACK", on_disk};
  util::ByteBuffer request;
  resp::append_request(request, std::span(words).first(durable >= 0 ? 5 : 3));
  link_->send(request.view());
}

void Replica::on_connected() {
  server_.log.notice("Non blocking connect for SYNC fired the event.");
  enter(Phase::Handshake);
}

void Replica::on_log(std::string_view text) { server_.log.notice(text); }

void Replica::on_answer(const SyncAnswer& answer) {
  if (state_.failover == Failover::InProgress && handed_over_) {
    handed_over_(answer.kind == SyncAnswer::Kind::FullCopy || answer.kind == SyncAnswer::Kind::Continue);
    if (link_ == nullptr) return;
  }
  switch (answer.kind) {
    case SyncAnswer::Kind::FullCopy:
      server_.log.notice(fmt::format("Full resync from master: {}:{}", answer.id, answer.position));
      full_copy_ = answer;
      transfer_ = {};
      path_ = fmt::format("temp-{}.{}.rdb", server_.clock.wall_ms() / 1000, getpid());
      return enter(Phase::Transfer);
    case SyncAnswer::Kind::Continue:
      return continue_history(answer);
    case SyncAnswer::Kind::Later:
      return server_.log.notice("Master is currently unable to PSYNC but should be in the future");
    case SyncAnswer::Kind::Refused:
      return server_.log.warning("Unexpected reply to PSYNC from master");
  }
}

void Replica::continue_history(const SyncAnswer& answer) {
  server_.log.notice("Successful partial resynchronization with master.");
  if (!answer.id.empty() && answer.id != state_.history.id) {
    server_.log.notice("Master replication ID changed to " + answer.id);
    state_.history.branch(state_.stream.end(), answer.id);
    master_.disconnect_all();
  }
  applier_.restart();
  master_.record();
  server_.log.notice("MASTER <-> REPLICA sync: Master accepted a Partial Resynchronization.");
  enter(Phase::Connected);
}

bool Replica::on_snapshot_begins(const ArrivingSnapshot& snapshot) {
  const uint64_t bytes = transfer_.total = snapshot.receiver.total();
  if (make_direct_) direct_ = make_direct_(snapshot);
  const std::string_view where = direct_ ? "parser" : "disk";
  server_.log.notice(
      bytes == 0
          ? fmt::format("MASTER <-> REPLICA sync: receiving streamed RDB from master with EOF to {}", where)
          : fmt::format("MASTER <-> REPLICA sync: receiving {} bytes from master to {}", bytes, where));
  if (direct_) load(direct_);
  return direct_ != nullptr;
}

bool Replica::on_snapshot_piece(std::string_view bytes) {
  if (file_ == nullptr) {
    auto opened = server_.files->open(path_, util::OpenMode::Replace);
    if (!opened) {
      server_.log.warning("Opening the temp file needed for MASTER <-> REPLICA synchronization: " +
                          opened.error());
      return false;
    }
    file_ = std::move(opened.value());
  }
  transfer_.received += bytes.size();
  const auto written = util::write_all(*file_, bytes);
  if (!written) {
    server_.log.warning(
        "Write error or short write writing to the DB dump file needed for MASTER <-> REPLICA "
        "synchronization: " +
        written.error());
  }
  return written.ok();
}

void Replica::on_snapshot_complete() {
  if (const auto synced = file_ ? file_->sync() : util::Result<>(); !synced) {
    server_.log.warning("The master's snapshot cannot be synced to the disk: " + synced.error());
  }
  file_.reset();
  load(nullptr);
}

// From here on our place in the master's stream, whoever it was, is forgotten: until now the link could have been cut.
void Replica::load(std::shared_ptr<DirectSnapshot> direct) {
  resumable_ = false;
  server_.parts.get<rdb::SnapshotSaver>().kill_child();  // it saves what is no longer wanted
  enter(Phase::Loading);
  master_.disconnect_all();  // what they follow is about to be replaced
  server_.log.notice("MASTER <-> REPLICA sync: Loading DB in memory");
  loaded_db_ = 0;
  rdb::LoadOptions options{.drop_expired = false,
                           .lazily = state_.settings.lazy_flush,
                           .on_aux = [this](std::string_view name, std::string_view value) {
                             if (name == "repl-stream-db") {
                               loaded_db_ = static_cast<int>(util::parse_int64(value).value_or(0));
                             }
                           },
                           .live = std::move(direct)};
  server_.parts.get<rdb::SnapshotLoader>().start(
      path_, std::move(options), [this, attempt = attempt_](const util::Result<>& result) {
        if (attempt == attempt_) loaded(result);
      });
}

// What was loaded becomes our own dump, so that a restart finds it even when the master is away.
void Replica::keep_snapshot() {
  auto& saver = server_.parts.get<rdb::SnapshotSaver>();
  const std::string& dump = saver.settings().file;
  if (const auto renamed = server_.files->rename(path_, dump); !renamed) {
    server_.log.warning(fmt::format("Failed trying to rename the temp DB into {} in MASTER <-> REPLICA synchronization: {}",
                                    dump, renamed.error()));
    (void)server_.files->remove(path_);
  } else {
    (void)server_.files->sync_directory(util::directory_of(dump));
    saver.mark_saved(server_.executor.changes().changes());
  }
  path_.clear();
}

void Replica::loaded(const util::Result<>& loading) {
  const util::Result<> result = loading && direct_ ? direct_->finish() : loading;
  if (!result) {
    resumable_ = false;  // the snapshot may have named itself before it failed
    if (!direct_) (void)server_.files->remove(path_);
    path_.clear();
    server_.log.warning(fmt::format("Failed trying to load the MASTER synchronization DB from {}: {}",
                                    direct_ ? "socket" : "disk", result.error()));
    return link_->give_up("the master's snapshot cannot be loaded");
  }
  if (!std::exchange(direct_, nullptr)) keep_snapshot();
  state_.history.start_over(full_copy_.id);
  state_.stream.restart(full_copy_.position);
  applier_.restart();
  applier_.client().db = loaded_db_ >= 0 && loaded_db_ < server_.databases.count() ? loaded_db_ : 0;
  resumable_ = true;
  master_.record();
  if (auto* log = server_.parts.find<aof::AppendOnly>()) {
    if (const auto begun = log->start_over(); !begun) server_.log.warning(begun.error());
  }
  enter(Phase::Connected);
  server_.log.notice("MASTER <-> REPLICA sync: Finished with success");
  link_->go_on();
  acknowledge();  // a master that streams its snapshot waits for it
}

bool Replica::on_stream(std::string_view bytes) {
  const bool sound = applier_.feed(bytes);
  if (std::exchange(ack_wanted_, false)) acknowledge();
  server_.turn.request_end();
  return sound;
}

bool Replica::break_link() {
  if (link_ == nullptr || phase_ != Phase::Connected) return false;
  link_->give_up("closed on demand");
  return true;
}

void Replica::on_down(std::string_view why) {
  server_.log.warning(fmt::format("Connection with master lost: {}", why));
  drop_link();
  applier_.restart();
  enter(Phase::Connect);
}

}  // namespace replication
