// SPDX-License-Identifier: MIT
//
// A replica's side of the stream: bytes in, changes out. Requests run through the executor as a
// client that nobody answers (Client::Kind::Master); a transaction runs when all of it is there.
// Exactly the bytes that have been executed are appended to the replica's own stream: its end is
// the offset that the master hears of, and its sub-replicas read the same bytes.
//
//   from the master ──► │ executed: in the own stream │ complete? run it │ begun: kept here │
//
// Invariant: stream.end() counts every byte of what was executed and no other. The loop thread's
// alone.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "08-replication/replication_stream.h"
#include "08-replication/request_framer.h"
#include "shared/command/executor.h"
#include "shared/util/byte_buffer.h"

namespace replication {

class StreamApplier {
 public:
  StreamApplier(command::Executor& executor, ReplicationStream& stream);

  // False: these are no requests, and the connection is good for nothing any more.
  bool feed(std::string_view bytes);
  // The server was paused, and is no more: what has come meanwhile runs with the next feed().
  bool may_go_on() const { return held_ && !executor_.databases().environment().paused; }
  // A new connection: what was begun on the old one comes again.
  void restart();

  command::Client& client() { return client_; }
  uint64_t read_ahead() const { return kept_.size(); }  // received, not executed yet

 private:
  size_t complete_units(std::string_view bytes);
  void execute(std::string_view units);
  void apply(std::string_view units);

  command::Executor& executor_;
  ReplicationStream& stream_;
  command::Client client_{0};
  resp::ParserLimits limits_;
  resp::Batch batch_;
  util::ByteBuffer kept_;  // begun, not executed
  RequestFramer framer_;
  size_t framed_ = 0;  // bytes of kept_ that are whole requests, of an open transaction
  bool in_transaction_ = false;
  bool sound_ = true;
  bool held_ = false;
};

}  // namespace replication
