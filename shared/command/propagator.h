// SPDX-License-Identifier: MIT
//
// Between what commands change and who keeps it (the log, the replicas). Encodes each command once, as the RESP request
// that would cause the change again; hands an execution's commands to every consumer when the execution is over, wrapped in
// MULTI and EXEC when they are more than one and belong together (kTouchesArbitraryKeys: they don't). A key that expired or
// was evicted becomes a DEL.
// It writes no SELECT: a consumer knows which database it has named last. The loop thread's alone.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "shared/command/propagation.h"
#include "shared/keyspace/change_sink.h"
#include "shared/util/byte_buffer.h"

namespace command {

class Executor;

class StreamConsumer {
 public:
  virtual ~StreamConsumer() = default;
  virtual Audience audience() const = 0;  // which of the two it is
  // Where a MULTI stands whose first command is for `db`: there, or in the database that was named last.
  virtual int database_of_multi(int db) const { return db; }
  // One whole RESP request, to be executed in database `db`. Valid during the call.
  virtual void consume(int db, std::string_view request) = 0;
};

class Propagator final : public PropagationSink, public keyspace::ChangeSink {
 public:
  explicit Propagator(Executor& executor) : executor_(executor) {}

  // The first consumer makes the executor propagate at all. Consumers live as long as the server.
  void add(StreamConsumer& consumer);
  // While off (loading, replay) changes happen without being passed on.
  void set_enabled(bool enabled) { enabled_ = enabled; }
  bool enabled() const { return enabled_; }

  void propagate(int db, resp::Args args, Audience audience) override;
  void end_of_execution() override;

  void on_change(const keyspace::Change&) override {}
  void on_flush(int, int64_t) override {}
  void on_removed(const keyspace::Removal& removal) override;

 private:
  struct Request {
    int db;
    Audience audience;
    size_t end;  // offset in encoded_
  };
  void hand_over(int db, std::string_view request, Audience audience);
  void begin_transaction(int db, Audience audience);

  struct Consumer {
    StreamConsumer* consumer;
    Audience audience;  // its own, asked once
    bool concerned(Audience by) const { return (static_cast<int>(audience) & static_cast<int>(by)) != 0; }
  };

  Executor& executor_;
  std::vector<Consumer> consumers_;
  bool enabled_ = true;
  util::ByteBuffer encoded_;
  std::vector<Request> requests_;
};

}  // namespace command
