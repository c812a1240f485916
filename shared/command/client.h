// SPDX-License-Identifier: MIT
//
// A client as commands see it: who it is, which database it uses, where its replies go. Sockets, the log's replay and the
// replication stream each own one. Rare state (names, library) is kept apart, so that an idle client is small.
// The loop thread's alone.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "shared/command/client_part.h"
#include "shared/resp/output_buffer.h"
#include "shared/resp/reply_writer.h"
#include "shared/util/clock.h"

namespace command {

struct Command;
class CommandQueue;

// Who carries a client's replies away: a connection. Clients without one (the log's replay) have none.
class ClientOwner {
 public:
  // Output was appended outside the client's own command: it leaves at the end of this turn.
  virtual void output_added() = 0;
  // Closed at the end of this turn, its output lost. Safe inside a loop over clients.
  virtual void close_later() = 0;
  // Its command has been answered after all: what it sent meanwhile runs next.
  virtual void unblocked() = 0;
  virtual std::string peer_address() const = 0;

 protected:
  ~ClientOwner() = default;
};

class Client {
 public:
  enum class Kind : uint8_t { Normal, PubSub, Replica, Master };

  explicit Client(uint64_t client_id) : id(client_id), reply(output) {}
  Client(const Client&) = delete;

  const uint64_t id;
  int db = 0;
  bool authenticated = true;
  bool close_after_reply = false;
  bool no_evict = false;
  bool no_touch = false;
  bool may_block = true;  // false: a command that would wait answers at once (in EXEC, from a log or a master)
  bool blocked = false;   // see Blocking
  Kind kind = Kind::Normal;
  CommandQueue* queue = nullptr;  // commands are kept instead of executed (MULTI)
  uint32_t gate_mask = 0;  // Flags of commands for which the gates are asked, besides the server's own
  ClientOwner* owner = nullptr;
  ClientParts parts;

  // CLIENT REPLY: what is written while replies are off is thrown away.
  enum class ReplyMode : uint8_t { On, Off, SkipNext, SkipThis };
  ReplyMode reply_mode = ReplyMode::On;

  resp::OutputBuffer output;
  resp::ReplyWriter reply;

  const Command* last_command = nullptr;
  // Where its last change ends, in the stream to the replicas and in the log: what WAIT and WAITAOF wait for. 0: none.
  int64_t written_in_stream = 0;
  int64_t written_in_log = 0;
  util::UnixMs created = 0;
  util::UnixMs last_interaction = 0;
  uint64_t bytes_in = 0;
  uint64_t bytes_out = 0;

  struct Details {
    std::string name;
    std::string library_name;
    std::string library_version;
  };
  const Details& details() const {
    static const Details kNone;
    return details_ ? *details_ : kNone;
  }
  Details& edit_details() {
    if (!details_) details_ = std::make_unique<Details>();
    return *details_;
  }

 private:
  std::unique_ptr<Details> details_;
};

}  // namespace command
