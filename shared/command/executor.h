// SPDX-License-Identifier: MIT
//
// The one way in for every command: sockets, EXEC, scripts, the log's replay, the replica's stream. Finds the row, asks
// the gates that concern it, runs it, counts it, passes on what it changed. The loop thread's alone.
#pragma once

#include <functional>
#include <vector>

#include "shared/command/change_hub.h"
#include "shared/command/client.h"
#include "shared/command/command_table.h"
#include "shared/command/context.h"
#include "shared/command/parts.h"
#include "shared/command/propagation.h"
#include "shared/keyspace/databases.h"
#include "shared/util/clock.h"

namespace command {

struct CommandStats {
  uint64_t calls = 0;
  uint64_t ticks = 0;  // util::cpu_ticks()
  uint64_t rejected = 0;
  uint64_t failed = 0;
};

// A reason why commands may not run now: no password yet, loading, a read-only replica, out of memory. Asked, in the
// order of addition, only for commands whose flags it names and only while it is closed. Returns an error text or "".
struct Gate {
  Flags concerns = 0;  // any of these flags (kEverything: all commands)
  std::function<std::string_view(const Client&, const Command&)> check;
  bool closed = false;
  static constexpr Flags kEverything = ~Flags{0};
};

class Executor {
 public:
  Executor(keyspace::Databases& databases, CommandTable& table, Parts& parts, util::Clock& clock);

  // Runs one request; the reply is appended to the client's output. An empty request does nothing. `received` holds large
  // arguments of a socket's batch.
  void execute(Client& client, resp::Args args, resp::Batch* received = nullptr);

  // Towards the CPU with what the next requests of a pipeline will look up.
  void prefetch(const Client& client, const resp::Batch& batch, size_t from, size_t to);

  // Reads the clock; called at the start of a turn and after long commands. Time stands still in between.
  void refresh_time();

  void add_gate(Gate& gate);
  void gates_changed();  // after `closed` of a gate changed
  void set_propagation_sink(PropagationSink* sink) { propagation_sink_ = sink; }
  PropagationSink* propagation_sink() const { return propagation_sink_; }

  keyspace::Databases& databases() { return databases_; }
  CommandTable& table() { return table_; }
  Parts& parts() { return parts_; }
  ChangeHub& changes() { return changes_; }
  util::Arena& scratch() { return scratch_; }
  util::Clock& clock() { return clock_; }
  const std::vector<CommandStats>& stats() const { return stats_; }
  uint64_t commands_processed() const { return processed_; }
  void reset_stats();
  void table_built();  // after CommandTable::build()

 private:
  const Command* resolve(Client& client, resp::Args args);
  bool admitted(Client& client, const Command& command);
  void run(Client& client, const Command& command, resp::Args args, resp::Batch* received);

  keyspace::Databases& databases_;
  CommandTable& table_;
  Parts& parts_;
  util::Clock& clock_;
  ChangeHub changes_;
  util::Arena scratch_;
  PropagationSink* propagation_sink_ = nullptr;
  std::vector<Gate*> gates_;
  Flags gate_mask_ = 0;
  std::vector<CommandStats> stats_;
  uint64_t processed_ = 0;
  uint64_t long_command_ticks_;
};

}  // namespace command
