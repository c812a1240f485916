// SPDX-License-Identifier: MIT
// REPLICAOF, SLAVEOF, ROLE, WAIT.
#include <fmt/format.h>

#include <climits>

#include "08-replication/commands.h"
#include "08-replication/replication.h"
#include "shared/command/context.h"
#include "shared/server/server.h"
#include "shared/util/numbers.h"
#include "shared/util/text.h"
#include "shared/util/todo.h"

namespace replication {

using command::Context;

namespace {

void promote(Context& c, Replication& replication) {
  if (replication.state().is_replica()) {
    replication.replica().stop_following();
    c.get<server::Server>().log.notice(
        fmt::format("MASTER MODE enabled (user request from client {})", c.client().id));
  }
  c.reply().ok();
}

void replicaof(Context& c) {
  auto& replication = c.get<Replication>();
  if (replication.state().failover != Failover::None)
    return c.reply().error("ERR REPLICAOF not allowed while failing over.");
  const std::string_view host = c.arg(1);
  if (util::equal_ignoring_case(host, "no") && util::equal_ignoring_case(c.arg(2), "one"))
    return promote(c, replication);
  if (c.client().kind == command::Client::Kind::Replica) {
    return c.reply().error("ERR Command is not valid when client is a replica.");
  }
  const auto port = util::parse_int64(c.arg(2));
  if (!port || *port < 0 || *port > 65535) return c.reply().error("ERR Invalid master port");
  const State& state = replication.state();
  const auto& log = c.get<server::Server>().log;
  if (util::equal_ignoring_case(state.master_host, host) && state.master_port == *port) {
    log.notice(
        "REPLICAOF would result into synchronization with the master we are already connected "
        "with. No operation "
        "performed.");
    return c.reply().simple("OK Already connected to specified master");
  }
  replication.replica().follow(std::string(host), static_cast<uint16_t>(*port));
  // What they wait for comes from the other side of the link now.
  c.get<server::Server>().blocking.end_all(
      "UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)");
  log.notice(fmt::format("REPLICAOF {}:{} enabled (user request from client {})", host, *port,
                         c.client().id));
  c.reply().ok();
}

void role(Context& c) {
  auto& replication = c.get<Replication>();
  const State& state = replication.state();
  if (state.is_replica()) {
    const bool connected = replication.replica().phase() == Replica::Phase::Connected;
    c.reply().array(5);
    c.reply().bulk("slave");
    c.reply().bulk(state.master_host);
    c.reply().integer(state.master_port);
    c.reply().bulk(replication.replica().phase_name());
    return c.reply().integer(connected ? replication.replica().executed() : -1);
  }
  c.reply().array(3);
  c.reply().bulk("master");
  c.reply().integer(state.stream.end());
  auto list = c.reply().open_array();
  size_t count = 0;
  for (const ReplicaClient* replica : replication.master().replicas()) {
    if (replica->state != ReplicaClient::State::Online) continue;
    c.reply().array(3);
    c.reply().bulk(replica->address());
    c.reply().bulk_integer(replica->listening_port);
    c.reply().bulk_integer(replica->acknowledged);
    ++count;
  }
  list.close(count);
}

// False: the arguments are wrong, and that has been answered. `deadline`: 0 means for ever.
bool read_wait(Context& c, int64_t& replicas, util::UnixMs& deadline) {
  command::ArgReader reader = c.reader(1);
  replicas = reader.integer();
  if (!reader.ok()) return c.fail(reader.error()), false;
  const auto timeout = util::parse_int64(c.arg(2));
  if (!timeout) return c.reply().error("ERR timeout is not an integer or out of range"), false;
  if (*timeout < 0) return c.reply().error("ERR timeout is negative"), false;
  if (*timeout > LLONG_MAX - c.now()) return c.reply().error("ERR timeout is out of range"), false;
  deadline = *timeout == 0 ? 0 : c.now() + *timeout;
  return true;
}

bool refuse_wait(Context& c) {
  c.reply().error(
      "ERR WAIT cannot be used with replica instances. Please also note that since Redis 4.0 if "
      "a replica is configured to "
      "be writable (which is not the default) writes to replicas are just local and are not "
      "propagated.");
  return true;
}

void wait(Context& c) {
  auto& replication = c.get<Replication>();
  Master& master = replication.master();
  if (replication.state().is_replica() && refuse_wait(c)) return;
  int64_t replicas = 0;
  util::UnixMs deadline = 0;
  if (!read_wait(c, replicas, deadline)) return;
  const int64_t target = c.client().written_in_stream;  // stands still while the client waits
  // [08.5b begin] how many have acknowledged `target`? Enough, too late, or !may_block: answer. Else ask them, once, and wait
  const auto reached = static_cast<int64_t>(master.count_acknowledged(target));
  if (reached >= replicas || c.timed_out() || !c.client().may_block)
    return c.reply().integer(reached);
  if (!c.resumed()) master.ask_for_acknowledgements();
  c.block_on(master.waiting(), deadline);
  // [08.5b end]
}

}  // namespace

std::span<const command::CommandRow> role_commands() {
  using namespace command;
  constexpr Flags kChangesRole = kAdmin | kNoScript | kStale | kNoAsyncLoading;
  static constexpr std::string_view kWaitTips[] = {"request_policy:all_shards",
                                                   "response_policy:agg_min"};
  static constexpr CommandRow kRows[] = {
      {"replicaof", 3, kChangesRole, {}, 0, replicaof},
      {"slaveof", 3, kChangesRole, {}, 0, replicaof},
      {"role", 1, kNoScript | kLoading | kStale | kFast, {}, kAclAdmin | kAclDangerous, role},
      {"wait", 3, 0, {}, kAclConnection, wait, kWaitTips},
  };
  return kRows;
}

}  // namespace replication
