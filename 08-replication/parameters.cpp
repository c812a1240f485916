// SPDX-License-Identifier: MIT
// The parameters of replication: names, older names and limits as in redis.conf of Redis 7.2.
#include <climits>

#include "08-replication/replication.h"
#include "shared/server/server.h"
#include "shared/util/numbers.h"
#include "shared/util/text.h"

namespace replication {

using server::Parameter;
using util::Failure;
using util::Result;

// `replicaof 127.0.0.1 6379`, one flag or line; "no one" makes a master.
static Parameter followed(server::Server& server, State& state) {
  return {.name = "replicaof",
          .alias = "slaveof",
          .get =
              [&state] {
                return state.is_replica()
                           ? state.master_host + " " + std::to_string(state.master_port)
                           : std::string();
              },
          .set = [&server, &state](std::string_view given) -> Result<> {
            (void)server;
            if (given.empty()) return {};
            const auto words = util::split_words(given);
            if (!words || words->size() != 2) return Failure{"wrong number of arguments"};
            if (util::equal_ignoring_case((*words)[0], "no") &&
                util::equal_ignoring_case((*words)[1], "one")) {
              state.master_host.clear();
              return {};
            }
            const auto port = util::parse_int64((*words)[1]);
            if (!port || *port < 0 || *port > 65535) return Failure{"Invalid master port"};
            state.master_host = (*words)[0];
            state.master_port = static_cast<uint16_t>(*port);
            return {};
          },
          .immutable = true,
          .takes_words = true};
}

static Parameter backlog_size(State& state) {
  Parameter row = server::memory_size("repl-backlog-size", state.settings.backlog_size);
  row.set = [&state, read = row.set](std::string_view given) -> Result<> {
    const uint64_t before = state.settings.backlog_size;
    if (const auto done = read(given); !done) return done;
    if (state.settings.backlog_size >= 1 && state.settings.backlog_size <= LLONG_MAX) return {};
    state.settings.backlog_size = before;
    return Failure{"argument must be between 1 and 9223372036854775807 inclusive"};
  };
  return row.then([&state]() -> Result<> {
    state.stream.trim();
    return {};
  });
}

static void add_master_side(server::ParameterTable& table, State& state,
                            const std::function<Result<>()>& update) {
  Settings& s = state.settings;
  table.add(backlog_size(state));
  table.add(server::integer("repl-backlog-ttl", s.backlog_ttl, 0, LONG_MAX));
  table.add(server::integer("repl-timeout", s.timeout, 1, INT_MAX));
  table.add(server::integer("repl-ping-replica-period", s.ping_period, 1, INT_MAX)
                .also_called("repl-ping-slave-period"));
  table.add(server::integer("min-replicas-to-write", s.min_replicas, 0, INT_MAX)
                .also_called("min-slaves-to-write")
                .then(update));
  table.add(server::integer("min-replicas-max-lag", s.min_replicas_max_lag, 0, INT_MAX)
                .also_called("min-slaves-max-lag")
                .then(update));
  table.add(server::boolean("repl-disable-tcp-nodelay", s.disable_nodelay));
  table.add(server::boolean("repl-diskless-sync", s.diskless_sync));
  table.add(server::integer("repl-diskless-sync-delay", s.diskless_sync_delay, 0, INT_MAX));
  table.add(
      server::integer("repl-diskless-sync-max-replicas", s.diskless_sync_max_replicas, 0, INT_MAX));
  table.add(server::boolean("rdb-del-sync-files", s.delete_sync_files));
}

static void add_replica_side(server::ParameterTable& table, Settings& s,
                             const std::function<Result<>()>& update) {
  table.add(server::text("bind-source-addr", s.bind_source));
  table.add(server::text("masteruser", s.master_user));
  table.add(server::text("masterauth", s.master_password));
  table.add(server::boolean("replica-serve-stale-data", s.serve_stale_data)
                .also_called("slave-serve-stale-data")
                .then(update));
  table.add(server::boolean("replica-read-only", s.read_only)
                .also_called("slave-read-only")
                .then(update));
  table.add(server::boolean("replica-lazy-flush", s.lazy_flush).also_called("slave-lazy-flush"));
  table.add(server::boolean("replica-ignore-maxmemory", s.ignore_max_memory)
                .also_called("slave-ignore-maxmemory"));
  table.add(server::boolean("replica-announced", s.announced));
  table.add(server::boolean("replica-ignore-disk-write-errors", s.ignore_disk_errors));
  table.add(server::text("replica-announce-ip", s.announce_ip).also_called("slave-announce-ip"));
  table.add(server::integer("replica-announce-port", s.announce_port, 0, 65535)
                .also_called("slave-announce-port"));
  table.add(
      server::integer("replica-priority", s.priority, 0, INT_MAX).also_called("slave-priority"));
  table.add(server::choice("repl-diskless-load", s.diskless_load,
                           {{"disabled", 0}, {"on-empty-db", 1}, {"swapdb", 2}}));
}

void add_parameters(server::Server& server, Replication& replication) {
  const auto update = [&replication]() -> Result<> {
    replication.update_gates();
    return {};
  };
  server.parameters.add(followed(server, replication.state()));
  add_master_side(server.parameters, replication.state(), update);
  add_replica_side(server.parameters, replication.settings(), update);
}

}  // namespace replication
