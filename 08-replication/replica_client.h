// SPDX-License-Identifier: MIT
//
// A connected replica, as its master sees it: what it said of itself, how far its synchronisation
// is, what it has acknowledged. A part of the client, so it leaves the master's list the moment the
// connection closes.
//
//   Handshake ─ PSYNC ─► WaitStart ─ fork ─► WaitEnd ─ the child is done ─► SendSnapshot ─ all sent ─► Online
//                                                └─ Piped: a carrier sends it while the child writes ─────┘
//        └───────────────── PSYNC with a known history: +CONTINUE ───────────────────────────────────────┘
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "08-replication/replication_stream.h"
#include "shared/command/client.h"
#include "shared/command/client_part.h"
#include "shared/util/clock.h"
#include "shared/util/files.h"

namespace replication {

class Master;

class ReplicaClient final : public command::ClientPart {
 public:
  enum class State : uint8_t { Handshake, WaitStart, WaitEnd, Piped, SendSnapshot, Online };

  ReplicaClient(Master& master, command::Client& of) : client(of), master_(master) {}
  ~ReplicaClient() override;

  void describe(command::ClientTraits& traits) const override;

  std::string address() const;          // what it announced, or where it comes from
  std::string name() const;             // "127.0.0.1:6381", for the log
  std::string_view state_name() const;  // as INFO says it

  command::Client& client;
  State state = State::Handshake;

  std::string announced_address;
  int listening_port = 0;
  bool knows_new_ids = false;  // capa psync2: +CONTINUE may tell it another history
  bool understands_mark = false;  // capa eof: a snapshot of unknown length
  bool snapshot_only = false;  // REPLCONF rdb-only 1: it wants a file and no stream
  bool acknowledges = true;    // false after SYNC, which knows no REPLCONF ACK

  // WaitEnd and SendSnapshot: the position at which the snapshot was taken. The stream from there
  // on waits for it.
  ReplicationStream::Hold hold;
  std::unique_ptr<util::File> snapshot;
  uint64_t snapshot_left = 0;
  int64_t sent = 0;  // Online: the stream up to here is in its output

  int64_t acknowledged = 0;
  int64_t durable = -1;  // what it has told to be in its log, on its disk; -1: it keeps none
  util::UnixMs acknowledged_at = 0;
  util::UnixMs asked_at = 0;   // for a snapshot
  bool stream_on_ack = false;  // Piped, Online: `hold` keeps the stream until its first acknowledgement

 private:
  Master& master_;
};

}  // namespace replication
