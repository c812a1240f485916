// SPDX-License-Identifier: MIT
#include "shared/command/executor.h"

#include <algorithm>

#include "shared/command/command_queue.h"
#include "shared/resp/request_errors.h"
#include "shared/util/todo.h"

namespace command {

// A command that ran longer than this makes the clock be read again, microseconds.
constexpr double kLongCommandUs = 1000;
// Below this many keys in a database nearly everything is in the CPU's caches, and prefetching only
// costs.
constexpr size_t kPrefetchFrom = 20000;
// So many lookups are on their way at a time.
constexpr size_t kPrefetched = 32;
// No more lookups than this at once: what comes first would have left the cache again.
constexpr size_t kPrefetchedInAll = 2048;
// A request of no more arguments is taken for one with one key.
constexpr size_t kFewArguments = 4;

namespace {

// Brings buckets, and when the next ones are on their way, what they point to.
class Prefetch {
 public:
  explicit Prefetch(const keyspace::Keyspace& keys)
      : keys_(keys), left_(keys.size() < kPrefetchFrom ? 0 : kPrefetchedInAll) {}
  ~Prefetch() { bring_entries(); }
  Prefetch(const Prefetch&) = delete;
  Prefetch& operator=(const Prefetch&) = delete;

  bool takes_more() const { return left_ > 0; }
  void add(std::string_view key) {
    if (left_ == 0) return;
    --left_;
    if (count_ == kPrefetched) bring_entries();
    hashes_[count_] = keyspace::Keyspace::hash(key);
    keys_.prefetch(hashes_[count_++]);
  }

 private:
  void bring_entries() {
    for (size_t i = 0; i < count_; ++i) keys_.prefetch_entry(hashes_[i]);
    count_ = 0;
  }

  const keyspace::Keyspace& keys_;
  size_t left_;  // lookups that may be added yet
  uint64_t hashes_[kPrefetched];
  size_t count_ = 0;
};

// Whether a request of this row may name many keys, from one of its arguments on to the end.
bool names_many(const CommandRow& row) {
  return !row.keys.empty() && row.keys[0].find == KeySpec::Find::Range && row.keys[0].last < 0 &&
         row.keys[0].keyword.empty();
}

}  // namespace

Executor::Executor(keyspace::Databases& databases, CommandTable& table, Parts& parts,
                   util::Clock& clock)
    : databases_(databases),
      table_(table),
      parts_(parts),
      clock_(clock),
      ns_per_tick_(1000 / util::ticks_per_us()),
      long_command_ticks_(static_cast<uint64_t>(kLongCommandUs * util::ticks_per_us())),
      notable_ticks_(long_command_ticks_) {
  databases_.environment().sink = &changes_;
  refresh_time();
}

void Executor::table_built() {
  stats_.assign(table_.size(), {});
  histograms_.clear();
  histograms_.resize(table_.size());
}

void Executor::reset_stats() {
  table_built();
  processed_ = 0;
  errors_.reset();
}

void Executor::observe(Observer& observer, uint64_t from_ticks) {
  std::erase_if(watches_, [&](const Watch& watch) { return watch.observer == &observer; });
  if (from_ticks != Observer::kNothing) watches_.push_back({&observer, from_ticks});
  notable_ticks_ = long_command_ticks_;
  for (const Watch& watch : watches_) notable_ticks_ = std::min(notable_ticks_, watch.from_ticks);
}

void Executor::refresh_time() {
  keyspace::Environment& environment = databases_.environment();
  environment.now = clock_.wall_ms();
  environment.clock = environment.usage.fresh(environment.now);
}

void Executor::add_gate(Gate& gate) {
  gates_.insert(std::upper_bound(gates_.begin(), gates_.end(), &gate,
                                 [](const Gate* a, const Gate* b) { return a->order < b->order; }),
                &gate);
  gates_changed();
}

void Executor::gates_changed() {
  gate_mask_ = 0;
  for (const Gate* gate : gates_) {
    if (gate->closed) gate_mask_ |= gate->concerns;
  }
}

// An arity counts the name too. Negative: at least so many.
static bool arity_fits(int arity, size_t count) {
  // [03.1b begin] exactly so many, or at least so many
  return arity >= 0 ? count == static_cast<size_t>(arity) : count >= static_cast<size_t>(-arity);
  // [03.1b end]
}

static const Command* refused(Client& client, std::string_view error) {
  client.reply.error(error);
  return nullptr;
}

// The command that `args` ask for. Null: it was answered already, because it is unknown or has the
// wrong number of arguments. A container's subcommand ("client|id") is a command of its own, with a
// row of its own.
const Command* Executor::resolve(Client& client, resp::Args args) {
  // [03.1c begin] the row for a name, or the error that Redis answers
  const Command* command = table_.find(args[0]);
  if (command == nullptr) return refused(client, resp::unknown_command(args));
  if (command->is_container() && args.size() > 1) {
    const Command* subcommand = table_.find_subcommand(*command, args[1]);
    if (subcommand == nullptr)
      return refused(client, resp::unknown_subcommand(command->name, args[1]));
    command = subcommand;
  }
  if (!arity_fits(command->row->arity, args.size()))
    return refused(client, resp::wrong_arity(command->name));
  return command;
  // [03.1c end]
}

// What resolve() refuses although there is such a command has the wrong number of arguments.
void Executor::count_unresolved(resp::Args args) {
  const Command* command = table_.find(args[0]);
  if (command != nullptr && command->is_container() && args.size() > 1)
    command = table_.find_subcommand(*command, args[1]);
  if (command != nullptr) ++stats_[command->id].rejected;
}

static bool concerns(const Gate& gate, const Client& client, Flags flags) {
  if (!gate.closed && !(gate.per_client && client.gate_mask != 0)) return false;
  return gate.concerns == Gate::kEverything || (gate.concerns & flags) != 0;
}

Executor::Admission Executor::admit(Client& client, const Command& command, resp::Args args) {
  for (const Gate* gate : gates_) {
    if (!concerns(*gate, client, command.row->flags)) continue;
    const std::string_view refusal = gate->check(client, command);
    if (refusal.empty()) continue;
    if (refusal == Gate::kPostpone) {
      blocking_.postpone(client, command, args, *gate->queue);
      return Admission::Postponed;
    }
    ++stats_[command.id].rejected;
    client.reply.error(refusal);
    return Admission::Refused;
  }
  return Admission::Granted;
}

void Executor::end_unit() {
  if (propagation_sink_ != nullptr) propagation_sink_->end_of_execution();
  scratch_.reset();
  current_ = nullptr;
  current_flags_ = 0;
  if (!behind_reply_.empty()) [[unlikely]]
    run_behind_reply();
}

void Executor::behind_reply(std::function<void()> action) {
  if (depth_ == 0) return action();
  behind_reply_.push_back(std::move(action));
}

void Executor::run_behind_reply() {
  for (const auto& action : std::exchange(behind_reply_, {})) action();
}

// True: it may run now.
bool Executor::pass(Client& client, const Command* command, resp::Args args) {
  bool granted = command != nullptr;
  if (granted) {
    client.last_command = command;
    const Flags mask = gate_mask_ | client.gate_mask;
    if (mask != 0 && (mask == Gate::kEverything || (mask & command->row->flags) != 0)) {
      const Admission admission = admit(client, *command, args);
      if (admission == Admission::Postponed) return false;
      granted = admission == Admission::Granted;
    }
  }
  if (client.queue == nullptr) [[likely]]
    return granted;
  if (!granted) {
    client.queue->on_refused();
    return false;
  }
  const uint64_t errors_before = client.reply.errors();
  const bool taken = client.queue->take(*command, args);
  if (client.reply.errors() != errors_before) ++stats_[command->id].rejected;
  return !taken;
}

void Executor::execute(Client& client, resp::Args args, resp::Batch* received) {
  if (args.empty()) return;
  try {
    const Command* command = resolve(client, args);
    if (command == nullptr) [[unlikely]]
      count_unresolved(args);
    if (pass(client, command, args)) run(client, *command, args, received, Attempt::First);
  } catch (const util::NotWritten& missing) {
    client.reply.error(std::string("ERR TODO ").append(missing.task));
  }
  if (depth_ == 0 && blocking_.anybody_ready()) [[unlikely]]
    blocking_.serve();
}

std::string_view Executor::refusal(const Client& client, const Command& command, WaitQueue*& postponed_in) const {
  postponed_in = nullptr;
  for (const Gate* gate : gates_) {
    if (!concerns(*gate, client, command.row->flags)) continue;
    const std::string_view text = gate->check(client, command);
    if (text.empty()) continue;
    if (text == Gate::kPostpone) postponed_in = gate->queue;
    return text;
  }
  return {};
}

void Executor::run_blocked(Client& client, const Command& command, resp::Args args, Attempt attempt) {
  try {
    run(client, command, args, nullptr, attempt);
  } catch (const util::NotWritten& missing) {
    client.reply.error(std::string("ERR TODO ").append(missing.task));
  }
}

void Executor::count(Client& client, const Command& command, uint64_t ticks) {
  CommandStats& stats = stats_[command.id];
  ++stats.calls;
  ++processed_;
  stats.ticks += ticks;
  if (client.reply.errors() != errors_before_) ++stats.failed;
  if (!tracks_latency_) return;
  auto& histogram = histograms_[command.id];
  if (histogram == nullptr) [[unlikely]]
    histogram = std::make_unique<LatencyHistogram>();
  histogram->record(static_cast<uint64_t>(static_cast<double>(ticks) * ns_per_tick_));
}

void Executor::count_failed_wait(Client& client, const Command& command, resp::Args args) {
  ++stats_[command.id].calls;
  ++stats_[command.id].failed;
  ++processed_;
  if (notable_ticks_ == Observer::kEverything)
    notice({client, command, args, 0, Attempt::TimedOut, true, true, false}, 0);
}

// For the few commands that somebody wants to hear of.
void Executor::notice(const Execution& execution, uint64_t redacted) {
  Execution shown = execution;
  std::vector<std::string_view> words;
  if (redacted != 0) {
    words.assign(shown.args.begin(), shown.args.end());
    for (size_t i = 0; i < words.size(); ++i) {
      if ((redacted >> std::min<size_t>(i, 63) & 1) != 0) words[i] = "(redacted)";
    }
    shown.args = words;
  }
  for (size_t i = 0; i < watches_.size(); ++i) {
    if (execution.ticks >= watches_[i].from_ticks) watches_[i].observer->after_command(shown);
  }
  if (execution.ticks > long_command_ticks_ && execution.outermost) refresh_time();
}

void Executor::run(Client& client, const Command& command, resp::Args args, resp::Batch* received,
                   Attempt attempt) {
  const int64_t changes_before = changes_.changes();
  const int db = client.db;
  errors_before_ = client.reply.errors();
  Context context(*this, client, command, args, received, attempt);
  const Unit unit(*this);
  if (current_ == nullptr) {
    current_ = &client;
    current_flags_ = command.row->flags;
  }
  const uint64_t started = util::cpu_ticks();
  command.row->run(context);
  const uint64_t ticks = util::cpu_ticks() - started;
  const bool finished = !client.blocked;
  if (finished) [[likely]]
    count(client, command, ticks);
  if (ticks >= notable_ticks_) [[unlikely]] {
    notice({client, command, args, ticks, attempt, finished,
            client.reply.errors() != errors_before_, depth_ == 1},
           context.redacted());
  }
  errors_before_ = client.reply.errors();
  if (propagation_sink_ != nullptr && changes_.changes() != changes_before &&
      !context.propagates_explicitly())
    propagation_sink_->propagate(db, args, Audience::Everybody);
}

void Executor::prefetch(const Client& client, const resp::Batch& batch) {
  if (batch.size() == 0 || (batch.size() == 1 && batch.args(0).size() <= kFewArguments)) return;
  Prefetch ahead(databases_[client.db]);
  for (size_t i = 0; i < batch.size() && ahead.takes_more(); ++i) {
    const resp::Args args = batch.args(i);
    const Command* command = args.size() > kFewArguments ? table_.find(args[0]) : nullptr;
    if (command != nullptr && names_many(*command->row)) {
      const KeySpec& keys = command->row->keys[0];
      for (auto key = static_cast<size_t>(keys.index); key < args.size(); key += static_cast<size_t>(keys.step))
        ahead.add(args[key]);
    } else if (args.size() > 1) {
      ahead.add(args[1]);
    }
  }
}

}  // namespace command
