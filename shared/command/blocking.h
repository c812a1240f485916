// SPDX-License-Identifier: MIT
//
// Commands that wait. A handler that cannot answer yet calls Context::block_on(queue, deadline) and returns without a reply;
// its arguments are copied, and the client executes nothing else until the command has run again and answered. That happens
// when the queue is woken (the handler looks again, and may block again; its deadline stands), and at the latest when the
// deadline has passed: then Context::timed_out() is true and the handler must answer.
//
//   handler ─ block_on ─► queue ─ wake ─► ready ─ serve(): behind each top-level command, and at the turn's end ─► handler
//
// A client waits in at most one command, in one queue or several. One that closes leaves its queues at once (ClientPart).
// The loop thread's alone.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/command/client.h"
#include "shared/resp/request_parser.h"
#include "shared/util/clock.h"

namespace command {

class Executor;
class BlockedCommand;

// Why a handler is called.
enum class Attempt : uint8_t { First, Resumed, TimedOut };

// Clients that wait for one thing (a key, the replicas' acknowledgements), in order of arrival. Outlives whoever waits.
class WaitQueue {
 public:
  WaitQueue() = default;
  WaitQueue(const WaitQueue&) = delete;
  WaitQueue& operator=(const WaitQueue&) = delete;
  virtual ~WaitQueue() = default;
  // Asked when those who were woken come to their turn: what they were woken for may be gone again.
  virtual bool ready() const { return true; }
  bool empty() const { return waiting_.empty(); }
  size_t size() const { return waiting_.size(); }

 private:
  friend class BlockedCommand;
  friend class Blocking;
  std::list<Client*> waiting_;
};

class Blocking {
 public:
  explicit Blocking(Executor& executor);
  ~Blocking();

  size_t blocked_count() const { return blocked_.size(); }
  size_t deadline_count() const { return deadlines_.size(); }  // of those, who will not wait for ever

  // The command did not run yet: it comes again through every gate when the queue is woken.
  void postpone(Client& client, const Command& command, resp::Args args, WaitQueue& queue);
  // The client waits, or waits in one more queue. `deadline`: Unix milliseconds, 0 for ever.
  void block(Client& client, const Command& command, resp::Args args, WaitQueue& queue, util::UnixMs deadline);

  // Everybody in the queue runs again at the next serve(), in order of arrival, provided that one of their queues is
  // ready then.
  void wake(WaitQueue& queue);
  bool anybody_ready() const { return !ready_.empty(); }
  // Until nobody is ready.
  void serve();
  // Those whose deadline has passed answer. Called at the turn's end.
  void expire(util::UnixMs now);
  // CLIENT UNBLOCK: as if the time were over, or with an error ("UNBLOCKED …"). False when the client does not wait for
  // a deadline or a queue of its own choice (it is postponed, or not blocked at all).
  bool unblock(Client& client, std::string_view error = {});
  // All whom unblock() can end hear the error, and their connections close: what they wait for will not come here.
  void end_all(std::string_view error);

 private:
  friend class BlockedCommand;
  void run_again(Client& client, Attempt attempt);
  void serve(Client& client);
  bool refused(Client& client);

  Executor& executor_;
  std::map<uint64_t, Client*> blocked_;  // by id
  bool serving_ = false;
  std::list<Client*> ready_;
  std::map<std::pair<util::UnixMs, uint64_t>, Client*> deadlines_;  // by deadline and client
  std::unique_ptr<BlockedCommand> resuming_;  // the command that runs again, until it blocks once more
};

}  // namespace command
