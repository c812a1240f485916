// SPDX-License-Identifier: MIT
//
// What the log says, done again: by a client without a socket, through the executor that serves
// everybody, with what it answers thrown away. The commands between MULTI and EXEC wait until the
// EXEC has been read, and are then one unit: all of them, or, when the log ends before, none. The
// loop thread's alone.
#pragma once

#include <string>

#include "shared/command/client.h"
#include "shared/command/executor.h"
#include "shared/server/log.h"
#include "shared/util/byte_buffer.h"
#include "shared/util/result.h"

namespace aof {

class Replay {
 public:
  Replay(command::Executor& executor, const server::Log& log)
      : executor_(executor), log_(log), client_(kClientId) {
    client_.may_block = false;
  }

  // A failure: the log holds a command that this server does not have, or a database that it does
  // not have.
  util::Result<> apply(resp::Args args);
  bool in_transaction() const { return in_transaction_; }
  // The log ended: what waits for its EXEC is dropped.
  void drop_transaction();
  // The next file begins in database 0.
  void begin_file() { client_.db = 0; }

 private:
  static constexpr uint64_t kClientId = UINT64_MAX;  // Redis' CLIENT_ID_AOF
  util::Result<> execute(resp::Args args);
  util::Result<> execute_transaction();
  util::Result<> judge(resp::Args args);

  command::Executor& executor_;
  const server::Log& log_;
  command::Client client_;
  bool in_transaction_ = false;
  util::ByteBuffer waiting_;  // the requests of the transaction
};

}  // namespace aof
