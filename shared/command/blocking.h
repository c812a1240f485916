// SPDX-License-Identifier: MIT
//
// Commands that wait. A handler that cannot answer yet calls Context::block_on(queue, deadline) and returns without a reply;
// its arguments are copied, and the client executes nothing else until the command runs again. That happens when the queue is
// woken (the handler looks again, and may block again with the same deadline), and once more when the deadline has passed:
// then Context::timed_out() is true and the handler must answer.
//
//   handler ─ block_on ─► queue ─ wake ─► ready ─ serve(): after each top-level command, and at the turn's end ─► handler
//
// A client waits in at most one command, on one or several queues. A closed client leaves its queues at once (ClientPart).
// The loop thread's alone.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "shared/command/client.h"
#include "shared/resp/request_parser.h"
#include "shared/util/clock.h"

namespace command {

class Executor;
class BlockedCommand;

// Clients that wait for one thing (a key, the replicas' acknowledgements), in order of arrival. Outlives whoever waits.
class WaitQueue {
 public:
  WaitQueue() = default;
  WaitQueue(const WaitQueue&) = delete;
  bool empty() const { return waiting_.empty(); }
  size_t size() const { return waiting_.size(); }

 private:
  friend class BlockedCommand;
  friend class Blocking;
  std::list<Client*> waiting_;
};

class Blocking {
 public:
  explicit Blocking(Executor& executor) : executor_(executor) {}

  static bool is_blocked(const Client& client);
  size_t blocked_count() const { return blocked_; }

  // Everybody in the queue runs again at the next serve(), in order of arrival.
  void wake(WaitQueue& queue);
  // Until nobody is ready. Called by the executor behind each top-level command and by the turn's end.
  void serve();
  bool anybody_ready() const { return !ready_.empty(); }
  // Those whose deadline has passed get their answer. Called at the turn's end.
  void expire(util::UnixMs now);
  // CLIENT UNBLOCK: as if the time were over, or with this error. False when the client does not wait.
  bool unblock(Client& client, std::string_view error = {});

 private:
  friend class BlockedCommand;
  friend class Context;
  // `deadline` util-wide Unix milliseconds; 0: for ever.
  void block(Client& client, const Command& command, resp::Args args, WaitQueue& queue, util::UnixMs deadline);
  void run_again(Client& client, bool timed_out);

  Executor& executor_;
  size_t blocked_ = 0;
  std::vector<uint64_t> ready_;
  std::map<std::pair<util::UnixMs, uint64_t>, Client*> deadlines_;  // by deadline and client id
};

}  // namespace command
