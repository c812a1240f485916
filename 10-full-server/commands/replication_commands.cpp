// SPDX-License-Identifier: MIT
// FAILOVER; and what the full server adds to replication: planned changes of roles, copies without a file.
#include <limits>

#include "06-rdb/snapshot_saver.h"
#include "10-full-server/commands/commands.h"
#include "10-full-server/replication/failover.h"
#include "10-full-server/replication/piped_sync.h"
#include "10-full-server/replication/socket_snapshot.h"
#include "shared/command/context.h"
#include "shared/server/server.h"
#include "shared/util/numbers.h"
#include "shared/util/text.h"

namespace full_server {

using command::Context;
using failover::Failover;
using failover::Plan;
using replication::Replication;

namespace {

// False: the arguments are wrong, and that has been answered. Each word may come once.
bool read(Context& c, Plan& plan) {
  for (size_t i = 1; i < c.argc();) {
    const auto is = [&](std::string_view word) { return util::equal_ignoring_case(c.arg(i), word); };
    if (is("timeout") && i + 1 < c.argc() && plan.deadline == 0) {
      const auto timeout = util::parse_int64(c.arg(i + 1));
      if (!timeout) return c.fail(util::errors::kNotInteger), false;
      if (*timeout <= 0) return c.reply().error("ERR FAILOVER timeout must be greater than 0"), false;
      const bool far = *timeout > std::numeric_limits<int64_t>::max() - c.now();
      plan.deadline = far ? std::numeric_limits<int64_t>::max() : c.now() + *timeout;
      i += 2;
    } else if (is("to") && i + 2 < c.argc() && !plan.target) {
      const auto port = util::parse_int64(c.arg(i + 2));
      if (!port) return c.fail(util::errors::kNotInteger), false;
      plan.target = failover::Target{std::string(c.arg(i + 1)), *port};
      i += 3;
    } else if (is("force") && !plan.force) {
      plan.force = true;
      ++i;
    } else {
      return c.fail(util::errors::kSyntax), false;
    }
  }
  return true;
}

// Why not; empty: it can begin.
std::string_view refusal(Replication& replication, const Plan& plan) {
  const replication::Master& master = replication.master();
  if (replication.state().is_replica()) return "ERR FAILOVER is not valid when server is a replica.";
  if (master.replicas().empty()) return "ERR FAILOVER requires connected replicas.";
  if (plan.force && (plan.deadline == 0 || !plan.target))
    return "ERR FAILOVER with force option requires both a timeout and target HOST and IP.";
  if (!plan.target) return "";
  const auto* replica = failover::find_replica(master, *plan.target);
  if (replica == nullptr) return "ERR FAILOVER target HOST and PORT is not a replica.";
  if (replica->state != replication::ReplicaClient::State::Online) return "ERR FAILOVER target replica is not online.";
  return "";
}

void run_failover(Context& c) {
  auto& running = c.get<Failover>();
  if (c.argc() == 2 && util::equal_ignoring_case(c.arg(1), "abort")) {
    if (!running.running()) return c.reply().error("ERR No failover in progress.");
    running.abort("Failover manually aborted");
    return c.reply().ok();
  }
  Plan plan;
  if (!read(c, plan)) return;
  if (running.running()) return c.reply().error("ERR FAILOVER already in progress.");
  auto& replication = c.get<Replication>();
  const std::string_view why = refusal(replication, plan);
  if (!why.empty()) return c.reply().error(why);
  running.begin(std::move(plan));
  c.reply().ok();
}

std::span<const command::CommandRow> rows() {
  using namespace command;
  static constexpr CommandRow kRows[] = {{"failover", -1, kAdmin | kNoScript | kStale, {}, 0, run_failover}};
  return kRows;
}

void add_piped_sync(server::Server& server, Replication& replication) {
  auto& piped = server.own<piped_sync::PipedSync>(server, replication, server.parts.get<rdb::SnapshotSaver>());
  replication.master().carry_snapshots_with(piped);
  server.turn.add_cleanup([&piped] { piped.go_on(); });
  server.cron.add("snapshots on their way", 1000, [&piped] { piped.every_second(); });
  server.cron.add("replicas that wait for a snapshot", 100, [&piped, &replication] {
    piped.look_at_waiting(replication.master().replicas());
  });
}

bool all_empty(keyspace::Databases& databases) {
  for (int i = 0; i < databases.count(); ++i) {
    if (databases[i].size() != 0) return false;
  }
  return true;
}

// What was there before is kept until the new is complete, whichever way it comes: so both ways of repl-diskless-load are
// one here, but for when they are taken.
void add_direct_load(server::Server& server, Replication& replication) {
  const replication::Settings& settings = replication.settings();
  replication.replica().load_directly_with(
      [&server, &settings](const replication::ArrivingSnapshot& snapshot) -> std::shared_ptr<replication::DirectSnapshot> {
        constexpr int kOnEmptyDb = 1, kSwapDb = 2;
        const bool empty = settings.diskless_load == kOnEmptyDb && all_empty(server.databases);
        if (settings.diskless_load != kSwapDb && !empty) return nullptr;
        return socket_snapshot::open(snapshot, settings.timeout);
      });
}

}  // namespace

void compose_replication(server::Server& server) {
  auto& replication = server.parts.get<Replication>();
  server.add_commands(rows());
  auto& failover = server.own<Failover>(server, replication, server.parts.get<server::Pause>());
  server.parts.provide(failover);
  server.cron.add("failover", 100, [&failover] { failover.on_tick(); });
  add_piped_sync(server, replication);
  add_direct_load(server, replication);
}

}  // namespace full_server
