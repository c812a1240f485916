// SPDX-License-Identifier: MIT
// PSYNC, SYNC, REPLCONF: what servers say to each other.
#include <fmt/format.h>

#include "08-replication/commands.h"
#include "08-replication/replication.h"
#include "shared/command/context.h"
#include "shared/server/server.h"
#include "shared/util/numbers.h"
#include "shared/util/text.h"

namespace replication {

using command::Client;
using command::Context;

namespace {

constexpr size_t kLongestAddress = 255;

// Our master asks us to take its place (FAILOVER). False: we do not, and it has been told.
bool take_over(Context& c, Replication& replication) {
  const auto& log = c.get<server::Server>().log;
  log.notice(fmt::format("Failover request received for replid {}.", c.arg(1)));
  if (!replication.state().is_replica()) {
    c.reply().error("ERR PSYNC FAILOVER can't be sent to a master.");
    return false;
  }
  if (!util::equal_ignoring_case(c.arg(1), replication.state().history.id)) {
    c.reply().error("ERR PSYNC FAILOVER replid must match my replid.");
    return false;
  }
  replication.replica().stop_following();
  log.notice(fmt::format("MASTER MODE enabled (failover request from client {})", c.client().id));
  return true;
}

// True: this client may not follow us, and has been told.
bool refuse_sync(Context& c, Replication& replication) {
  if (replication.state().failover != Failover::None) {
    c.reply().error("NOMASTERLINK Can't SYNC while failing over");
    return true;
  }
  const bool linked = replication.replica().phase() == Replica::Phase::Connected;
  if (replication.state().is_replica() && !linked) {
    c.reply().error("NOMASTERLINK Can't SYNC while not connected with my master");
    return true;
  }
  if (!c.client().output.empty()) {
    c.reply().error("ERR SYNC and PSYNC are invalid with pending output");
    return true;
  }
  return false;
}

void psync(Context& c) {
  auto& replication = c.get<Replication>();
  if (c.client().kind == Client::Kind::Replica) return;
  if (c.argc() > 3 && util::equal_ignoring_case(c.arg(3), "failover") && !take_over(c, replication)) return;
  if (refuse_sync(c, replication)) return;
  Master& master = replication.master();
  const std::string name = master.replica(c.client()).name();
  c.get<server::Server>().log.notice(fmt::format("Replica {} asks for synchronization", name));
  const auto wanted = util::parse_int64(c.arg(2));
  if (!wanted) {
    c.get<server::Server>().log.warning(
        fmt::format("Replica {} asks for synchronization but with a wrong offset", name));
    return c.fail(util::errors::kNotInteger);
  }
  if (!master.continue_from(c.client(), c.arg(1), *wanted)) master.copy_to(c.client(), true);
}

void sync(Context& c) {
  auto& replication = c.get<Replication>();
  if (c.client().kind == Client::Kind::Replica || refuse_sync(c, replication)) return;
  replication.master().copy_to(c.client(), false);
}

// One option of REPLCONF that describes the replica. False: it was refused, with an answer.
bool describe(Context& c, ReplicaClient& replica, std::string_view option, std::string_view value) {
  const auto is = [&](std::string_view name) { return util::equal_ignoring_case(option, name); };
  const auto number = util::parse_int64(value);
  if (is("listening-port")) {
    if (!number) return c.fail(util::errors::kNotInteger), false;
    replica.listening_port = static_cast<int>(*number);
  } else if (is("ip-address")) {
    if (value.size() > kLongestAddress) {
      c.reply().error(
          fmt::format("ERR REPLCONF ip-address provided by replica instance is too long: {} bytes",
                      value.size()));
      return false;
    }
    replica.announced_address = value;
  } else if (is("capa")) {
    if (util::equal_ignoring_case(value, "psync2")) replica.knows_new_ids = true;
    if (util::equal_ignoring_case(value, "eof")) replica.understands_mark = true;
  } else if (is("rdb-only")) {
    if (!number || *number < 0 || *number > 1) {
      c.reply().error("ERR value is out of range, value must between 0 and 1");
      return false;
    }
    replica.snapshot_only = *number == 1;
  } else {
    c.reply().error(fmt::format("ERR Unrecognized REPLCONF option: {}", option));
    return false;
  }
  return true;
}

// Of ACK and GETACK nobody hears an answer: they are part of the stream, one way or the other.
void replconf(Context& c) {
  if (c.argc() % 2 == 0) return c.fail(util::errors::kSyntax);
  auto& replication = c.get<Replication>();
  for (size_t i = 1; i < c.argc(); i += 2) {
    if (util::equal_ignoring_case(c.arg(i), "ack")) {
      const auto offset = util::parse_int64(c.arg(i + 1));
      auto* replica = c.client().parts.find<ReplicaClient>();
      if (c.client().kind == Client::Kind::Replica && replica != nullptr && offset) {
        if (c.argc() > i + 3 && util::equal_ignoring_case(c.arg(i + 2), "fack")) {
          replica->durable = std::max(replica->durable, util::parse_int64(c.arg(i + 3)).value_or(-1));
        }
        replication.master().acknowledged(*replica, *offset);
      }
      return;
    }
    if (util::equal_ignoring_case(c.arg(i), "getack"))
      return replication.replica().acknowledgement_wanted();
    ReplicaClient& replica = replication.master().replica(c.client());
    if (!describe(c, replica, c.arg(i), c.arg(i + 1))) return;
  }
  c.reply().ok();
}

}  // namespace

std::span<const command::CommandRow> sync_commands() {
  using namespace command;
  constexpr Flags kSync = kAdmin | kNoScript | kNoAsyncLoading | kNoMulti;
  static constexpr CommandRow kRows[] = {
      {"psync", -3, kSync, {}, 0, psync},
      {"sync", 1, kSync, {}, 0, sync},
      {"replconf", -1, kAdmin | kNoScript | kLoading | kStale | kAllowBusy, {}, 0, replconf},
  };
  return kRows;
}

}  // namespace replication
