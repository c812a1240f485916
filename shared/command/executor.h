// SPDX-License-Identifier: MIT
//
// The one way in for every command: sockets, EXEC, scripts, the log's replay, the replica's stream. Finds the row, asks
// the gates that concern it, runs it, counts it, passes on what it changed. The loop thread's alone.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "shared/command/blocking.h"
#include "shared/command/change_hub.h"
#include "shared/command/client.h"
#include "shared/command/command_table.h"
#include "shared/command/context.h"
#include "shared/command/error_counts.h"
#include "shared/command/latency_histogram.h"
#include "shared/command/observer.h"
#include "shared/command/parts.h"
#include "shared/command/propagation.h"
#include "shared/keyspace/databases.h"
#include "shared/util/clock.h"

namespace command {

struct CommandStats {
  uint64_t calls = 0;
  uint64_t ticks = 0;  // util::cpu_ticks()
  uint64_t rejected = 0;  // wrong number of arguments, or a gate refused
  uint64_t failed = 0;
};

// A reason why commands may not run now: no password yet, loading, a read-only replica, out of memory. Asked, in
// ascending order, only for commands whose flags it names and only while it is closed. Returns an error text, "" to let
// the command pass, or kPostpone: the command then waits in `queue` and comes again, gates included, when that is woken.
struct Gate {
  // Redis' processCommand() in numbers.
  enum Order { kStranger = 100, kOutOfMemory = 300, kDiskError = 400, kTooFewReplicas = 500, kReadOnlyReplica = 600,
               kSubscriber = 700, kStaleReplica = 800, kStillLoading = 900, kPaused = 1000 };
  static constexpr std::string_view kPostpone = "postpone";

  int order = 0;
  Flags concerns = 0;  // any of these flags (kEverything: all commands)
  std::function<std::string_view(const Client&, const Command&)> check;
  bool closed = false;      // to everybody
  bool per_client = false;  // asked, closed or not, for clients with a gate_mask
  WaitQueue* queue = nullptr;
  static constexpr Flags kEverything = ~Flags{0};
};

class Executor {
 public:
  Executor(keyspace::Databases& databases, CommandTable& table, Parts& parts, util::Clock& clock);

  // Runs one request; the reply is appended to the client's output. An empty request does nothing. `received` holds large
  // arguments of a socket's batch.
  void execute(Client& client, resp::Args args, resp::Batch* received = nullptr);

  // What EXEC queued: a request that has passed the gates, and runs whatever they say by now. REQUIRES: executing()
  void execute_admitted(Client& client, const Command& command, resp::Args args) {
    client.last_command = &command;
    run(client, command, args, nullptr);
  }

  // What is executed while one lives is one unit: it is propagated as one transaction, when the outermost ends. Commands
  // that run commands (EXEC) are inside one already; a replica makes one for its master's transaction.
  class Unit {
   public:
    explicit Unit(Executor& executor) : executor_(executor) { ++executor_.depth_; }
    ~Unit() {
      if (--executor_.depth_ == 0) executor_.end_unit();
    }
    Unit(const Unit&) = delete;

   private:
    Executor& executor_;
  };
  bool executing() const { return depth_ > 0; }
  // Whose command runs: the outermost one's, where commands run commands. Null between commands.
  Client* current() const { return current_; }
  // Its row's flags; 0 between commands.
  Flags current_flags() const { return current_flags_; }
  // Behind the reply of the outermost command that runs; at once when none does. See OwnMessages.
  void behind_reply(std::function<void()> action);
  Blocking& blocking() { return blocking_; }

  // Towards the CPU with what the next requests of a pipeline will look up.
  void prefetch(const Client& client, const resp::Batch& batch);

  // Reads the clock; called at the start of a turn and after long commands. Time stands still in between.
  void refresh_time();

  void add_gate(Gate& gate);
  // What the gates would say of a command that is not executed now; `postponed_in` when it would have to wait.
  std::string_view refusal(const Client& client, const Command& command, WaitQueue*& postponed_in) const;
  void gates_changed();  // after `closed` of a gate changed
  void set_propagation_sink(PropagationSink* sink) { propagation_sink_ = sink; }
  PropagationSink* propagation_sink() const { return propagation_sink_; }

  keyspace::Databases& databases() { return databases_; }
  CommandTable& table() { return table_; }
  Parts& parts() { return parts_; }
  ChangeHub& changes() { return changes_; }
  util::Arena& scratch() { return scratch_; }
  util::Clock& clock() { return clock_; }

  // The observer hears, from now on, of commands that take at least so many ticks (Observer::kEverything, kNothing).
  void observe(Observer& observer, uint64_t from_ticks);
  // Histograms by command, filled while tracking is on.
  void track_latency(bool on) { tracks_latency_ = on; }
  // Null: it was not called while tracking was on.
  const LatencyHistogram* latency(uint16_t command_id) const { return histograms_[command_id].get(); }
  ErrorCounts& errors() { return errors_; }
  // A command that waited is over without having run again: its client was answered an error.
  void count_failed_wait(Client& client, const Command& command, resp::Args args);

  const std::vector<CommandStats>& stats() const { return stats_; }
  uint64_t commands_processed() const { return processed_; }
  void reset_stats();
  void table_built();  // after CommandTable::build()

 private:
  const Command* resolve(Client& client, resp::Args args);
  void count_unresolved(resp::Args args);
  bool pass(Client& client, const Command* command, resp::Args args);
  enum class Admission { Granted, Refused, Postponed };
  Admission admit(Client& client, const Command& command, resp::Args args);
  friend class Blocking;
  void end_unit();
  void run_behind_reply();
  void run(Client& client, const Command& command, resp::Args args, resp::Batch* received,
           Attempt attempt = Attempt::First);
  void run_blocked(Client& client, const Command& command, resp::Args args, Attempt attempt);
  void count(Client& client, const Command& command, uint64_t ticks);
  void notice(const Execution& execution, uint64_t redacted);

  keyspace::Databases& databases_;
  CommandTable& table_;
  Parts& parts_;
  util::Clock& clock_;
  ChangeHub changes_;
  util::Arena scratch_;
  PropagationSink* propagation_sink_ = nullptr;
  std::vector<Gate*> gates_;
  Flags gate_mask_ = 0;
  int depth_ = 0;
  Client* current_ = nullptr;
  Flags current_flags_ = 0;
  std::vector<std::function<void()>> behind_reply_;
  Blocking blocking_{*this};
  std::vector<CommandStats> stats_;
  uint64_t processed_ = 0;
  uint64_t errors_before_ = 0;  // of the client whose command runs; EXEC's own errors are not its commands'
  ErrorCounts errors_;
  struct Watch {
    Observer* observer;
    uint64_t from_ticks;
  };
  std::vector<Watch> watches_;
  bool tracks_latency_ = false;
  std::vector<std::unique_ptr<LatencyHistogram>> histograms_;
  double ns_per_tick_;
  uint64_t long_command_ticks_;
  uint64_t notable_ticks_;  // the least that anybody asked for
};

}  // namespace command
