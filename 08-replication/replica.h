// SPDX-License-Identifier: MIT
//
// The replica's role: keeps a link to the master, once a second a new one when there is none, loads
// its snapshot, applies its stream, and tells it how far we are. While we follow, clients may not
// write and no deadline deletes here.
//
//   Connect ─► Connecting ─► Handshake ─► (Transfer ─► Loading) ─► Connected ─ lost ─► Connect
//
// The history and the offset outlive the link: after a cut we ask for the byte behind the last one
// that was executed. The loop thread's alone.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "08-replication/master.h"
#include "08-replication/master_link.h"
#include "08-replication/state.h"
#include "08-replication/stream_applier.h"
#include "shared/util/files.h"

namespace server {
class Server;
}

namespace replication {

class Replica final : public LinkListener {
 public:
  enum class Phase : uint8_t { None, Connect, Connecting, Handshake, Transfer, Loading, Connected };

  Replica(server::Server& server, State& state, Master& master);

  // REPLICAOF. What we have is kept until the new master's snapshot is complete, and serves to ask
  // for less.
  void follow(std::string host, uint16_t port);
  void stop_following();
  // The server starts with a master to follow (redis.conf, flag).
  void start();
  void on_tick();  // connects, when it is time
  void every_second();
  // REPLCONF GETACK: answered when everything that came with it has been executed and counted.
  void acknowledgement_wanted() { ack_wanted_ = true; }

  // Where a saved data set stands in its master's stream: known before start(), when the snapshot
  // said so.
  void restore(std::string id, int64_t position, int stream_db);

  Phase phase() const { return phase_; }
  std::string_view phase_name() const;  // as ROLE says it
  int64_t executed() const { return state_.stream.end(); }
  int64_t received() const { return executed() + static_cast<int64_t>(applier_.read_ahead()); }
  int stream_db() { return applier_.client().db; }
  int64_t silent_ms() const { return link_ ? link_->silent_ms() : -1; }
  struct Transfer {
    uint64_t total = 0;
    uint64_t received = 0;
  };
  Transfer transfer() const {
    return {transfer_.total, direct_ ? direct_->delivered() : transfer_.received};
  }
  // As if the master had closed the connection. False: there is none.
  bool break_link();
  util::UnixMs down_since() const { return down_since_; }
  // Snapshots that need no file are loaded while they come.
  void load_directly_with(DirectSnapshotMaker maker) { make_direct_ = std::move(maker); }
  // How a replica answered that was to take our place; whoever listens may stop following.
  void on_hand_over(std::function<void(bool accepted)> listener) { handed_over_ = std::move(listener); }
  // Called when the role or the link's state changes: gates depend on both.
  void on_change(std::function<void()> listener) { changed_ = std::move(listener); }

 private:
  void on_connected() override;
  void on_log(std::string_view text) override;
  void on_answer(const SyncAnswer& answer) override;
  bool on_snapshot_begins(const ArrivingSnapshot& snapshot) override;
  bool on_snapshot_piece(std::string_view bytes) override;
  void on_snapshot_complete() override;
  bool on_stream(std::string_view bytes) override;
  void on_down(std::string_view why) override;

  void connect();
  void acknowledge();
  void drop_link();
  void enter(Phase phase);
  void continue_history(const SyncAnswer& answer);
  void loaded(const util::Result<>& result);
  void keep_snapshot();
  void load(std::shared_ptr<DirectSnapshot> direct);
  void set_expiry();

  server::Server& server_;
  State& state_;
  Master& master_;
  StreamApplier applier_;
  std::unique_ptr<MasterLink> link_;
  Phase phase_ = Phase::None;
  bool ack_wanted_ = false;
  bool resumable_ = false;  // the history's id and our end say where we are in the master's stream
  SyncAnswer full_copy_;    // what the snapshot that is coming stands for
  std::string path_;
  std::unique_ptr<util::File> file_;
  Transfer transfer_;
  util::UnixMs down_since_ = 0;
  int loaded_db_ = 0;  // the database that the stream goes on in, as the snapshot says
  util::UnixMs next_attempt_ = 0;
  uint64_t attempt_ = 0;  // a load that belongs to an earlier link is nobody's any more
  std::function<void()> changed_;
  std::function<void(bool accepted)> handed_over_;
  DirectSnapshotMaker make_direct_;
  std::shared_ptr<DirectSnapshot> direct_;  // while it is loaded
};

}  // namespace replication
