// SPDX-License-Identifier: MIT
//
// The connection to our master, from connect() to the last byte of its stream: one coroutine,
// written in the order in which things happen. It moves bytes and knows the handshake; what they
// mean is the listener's business.
//
//   connect ─► PING ─► AUTH ─► REPLCONF … ─► PSYNC ─┬─► snapshot ─► (loaded) ─┬─► stream … to its end
//                                                   └─► +CONTINUE ────────────┘
//
// One object a connection; a new attempt is a new object. The loop thread's alone. Asio stays in
// the .cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "08-replication/direct_snapshot.h"
#include "08-replication/sync_answer.h"

namespace net {
class EventLoop;
}

namespace replication {

// Whom we call, and what we say of ourselves.
struct LinkRequest {
  std::string host;
  uint16_t port = 0;
  std::string user;       // of `masteruser`, empty: the default user
  std::string password;   // of `masterauth`, empty: none is asked for
  uint16_t own_port = 0;  // where our clients find us
  std::string announce_ip;
  std::string from_address;  // of ours, to call from; empty: any
  std::string id = "?";  // the history we know, "?": none
  int64_t wanted = -1;   // the first byte of it that we do not have, counted from 1
  bool hands_over = false;  // whom we call is to become a master first: PSYNC … FAILOVER
};

// Everything comes in turns of the loop. Nothing comes after close().
class LinkListener {
 public:
  virtual void on_connected() = 0;
  virtual void on_log(std::string_view text) = 0;
  virtual void on_answer(const SyncAnswer& answer) = 0;
  // True: it is read from the socket by somebody else, until go_on(); no pieces come.
  virtual bool on_snapshot_begins(const ArrivingSnapshot& snapshot) = 0;
  virtual bool on_snapshot_piece(
      std::string_view bytes) = 0;          // false: it cannot be kept; the link ends
  virtual void on_snapshot_complete() = 0;  // the stream waits until go_on()
  virtual bool on_stream(
      std::string_view bytes) = 0;                 // false: these are no commands; the link ends
  virtual void on_down(std::string_view why) = 0;  // last

 protected:
  ~LinkListener() = default;
};

class MasterLink {
 public:
  // Starts at once.
  MasterLink(net::EventLoop& loop, LinkRequest request, LinkListener& listener);
  ~MasterLink();  // closes; the coroutine ends by itself

  void send(std::string_view bytes);  // behind what is still on its way
  void go_on();                       // the snapshot is loaded
  // Milliseconds since the master was heard of.
  int64_t silent_ms() const;
  void give_up(std::string_view why);  // as if the connection had ended

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace replication
