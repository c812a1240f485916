// SPDX-License-Identifier: MIT
#include "10-full-server/introspection/kept_parameters.h"

#include <fmt/format.h>

#include <climits>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "shared/server/parameter_table.h"
#include "shared/util/numbers.h"
#include "shared/util/text.h"

namespace introspection {

using server::Parameter;
using util::Failure;
using util::Result;

namespace {

enum class Kind { YesNo, Integer, Memory, Text, Choice };

struct Kept {
  std::string_view name;
  std::string_view value;
  Kind kind = Kind::YesNo;
  int64_t low = 0;
  int64_t high = INT_MAX;
  std::string_view choices = {};  // with ", " between them, as the error prints them
  std::string_view alias = {};
  bool fixed = false;
  bool hidden = false;
};

constexpr std::string_view kWho = "no, yes, local";

// No cluster: this server has all slots, and nobody to share them with.
constexpr Kept kCluster[] = {
    {.name = "cluster-enabled", .value = "no", .fixed = true},
    {.name = "cluster-config-file", .value = "nodes.conf", .kind = Kind::Text, .fixed = true},
    {.name = "cluster-port", .value = "0", .kind = Kind::Integer, .high = 65535, .fixed = true},
    {.name = "cluster-node-timeout", .value = "15000", .kind = Kind::Integer, .high = LLONG_MAX},
    {.name = "cluster-migration-barrier", .value = "1", .kind = Kind::Integer},
    {.name = "cluster-replica-validity-factor", .value = "10", .kind = Kind::Integer, .alias = "cluster-slave-validity-factor"},
    {.name = "cluster-replica-no-failover", .value = "no", .alias = "cluster-slave-no-failover"},
    {.name = "cluster-require-full-coverage", .value = "yes"},
    {.name = "cluster-allow-reads-when-down", .value = "no"},
    {.name = "cluster-allow-pubsubshard-when-down", .value = "yes"},
    {.name = "cluster-allow-replica-migration", .value = "yes"},
    {.name = "cluster-announce-ip", .value = "", .kind = Kind::Text},
    {.name = "cluster-announce-port", .value = "0", .kind = Kind::Integer, .high = 65535},
    {.name = "cluster-announce-tls-port", .value = "0", .kind = Kind::Integer, .high = 65535},
    {.name = "cluster-announce-bus-port", .value = "0", .kind = Kind::Integer, .high = 65535},
    {.name = "cluster-announce-hostname", .value = "", .kind = Kind::Text},
    {.name = "cluster-announce-human-nodename", .value = "", .kind = Kind::Text},
    {.name = "cluster-preferred-endpoint-type", .value = "ip", .kind = Kind::Choice, .choices = "ip, hostname, unknown-endpoint"},
    {.name = "cluster-link-sendbuf-limit", .value = "0", .kind = Kind::Memory, .high = LLONG_MAX},
    {.name = "cluster-ping-interval", .value = "0", .kind = Kind::Integer, .high = LLONG_MAX, .hidden = true},
};

// No scripts and no modules: nothing runs long that could be interrupted, and nothing is loaded.
constexpr Kept kScripts[] = {
    {.name = "busy-reply-threshold", .value = "5000", .kind = Kind::Integer, .high = LONG_MAX, .alias = "lua-time-limit"},
    {.name = "enable-module-command", .value = "no", .kind = Kind::Choice, .choices = kWho, .fixed = true},
};

// No rules for users: there is the one named "default".
constexpr Kept kUsers[] = {
    {.name = "aclfile", .value = "", .kind = Kind::Text, .fixed = true},
    {.name = "acllog-max-len", .value = "128", .kind = Kind::Integer, .high = LONG_MAX},
    {.name = "acl-pubsub-default", .value = "resetchannels", .kind = Kind::Choice, .choices = "allchannels, resetchannels"},
};

// One thread runs the commands, on whatever core the system gives it.
constexpr Kept kThreads[] = {
    {.name = "io-threads", .value = "1", .kind = Kind::Integer, .low = 1, .high = 128, .fixed = true},
    {.name = "io-threads-do-reads", .value = "no", .fixed = true},
    {.name = "server_cpulist", .value = "", .kind = Kind::Text, .fixed = true},
    {.name = "bio_cpulist", .value = "", .kind = Kind::Text, .fixed = true},
    {.name = "aof_rewrite_cpulist", .value = "", .kind = Kind::Text, .fixed = true},
    {.name = "bgsave_cpulist", .value = "", .kind = Kind::Text, .fixed = true},
};

// The table grows bucket by bucket with each insertion, so no job has to move keys; the allocator is asked for no help
// with fragmentation.
constexpr Kept kMemory[] = {
    {.name = "activerehashing", .value = "yes"},
    {.name = "active-defrag-cycle-min", .value = "1", .kind = Kind::Integer, .low = 1, .high = 99},
    {.name = "active-defrag-cycle-max", .value = "25", .kind = Kind::Integer, .low = 1, .high = 99},
    {.name = "active-defrag-threshold-lower", .value = "10", .kind = Kind::Integer, .high = 1000},
    {.name = "active-defrag-threshold-upper", .value = "100", .kind = Kind::Integer, .high = 1000},
    {.name = "active-defrag-ignore-bytes", .value = "104857600", .kind = Kind::Memory, .low = 1, .high = LLONG_MAX},
    {.name = "active-defrag-max-scan-fields", .value = "1000", .kind = Kind::Integer, .low = 1, .high = LONG_MAX},
    {.name = "jemalloc-bg-thread", .value = "yes"},
    {.name = "disable-thp", .value = "yes", .fixed = true},
};

// The number of jobs a second stays as it is set, however many clients there are.
constexpr Kept kTime[] = {
    {.name = "dynamic-hz", .value = "yes"},
};

// Files are written by one thread or process in order and synced where a promise is made, not in between; what is read
// is always checked.
constexpr Kept kFiles[] = {
    {.name = "aof-rewrite-incremental-fsync", .value = "yes"},
    {.name = "rdb-save-incremental-fsync", .value = "yes"},
    {.name = "sanitize-dump-payload", .value = "no", .kind = Kind::Choice, .choices = "no, yes, clients"},
    {.name = "loading-process-events-interval-bytes", .value = "2097152", .kind = Kind::Memory, .low = 1024, .hidden = true},
};

// Nobody watches over the process but who started it, and the log goes to standard output or a file.
constexpr Kept kProcess[] = {
    {.name = "supervised", .value = "no", .kind = Kind::Choice, .choices = "upstart, systemd, auto, no", .fixed = true},
    {.name = "syslog-enabled", .value = "no", .fixed = true},
    {.name = "syslog-ident", .value = "redis", .kind = Kind::Text, .fixed = true},
    {.name = "syslog-facility", .value = "local0", .kind = Kind::Choice,
     .choices = "user, local0, local1, local2, local3, local4, local5, local6, local7", .fixed = true},
    {.name = "always-show-logo", .value = "no", .fixed = true},
    {.name = "crash-memcheck-enabled", .value = "yes"},
    {.name = "use-exit-on-panic", .value = "no", .hidden = true},
    {.name = "ignore-warnings", .value = "", .kind = Kind::Text},
    {.name = "propagation-error-behavior", .value = "ignore", .kind = Kind::Choice, .choices = "ignore, panic, panic-on-replicas"},
};

constexpr std::span<const Kept> kGroups[] = {kCluster, kScripts, kUsers,   kThreads, kMemory,
                                             kTime,    kFiles,   kProcess};

Result<std::string> in_range(const Kept& row, int64_t number) {
  if (number >= row.low && number <= row.high) return std::to_string(number);
  return Failure{fmt::format("argument must be between {} and {} inclusive", row.low, row.high)};
}

Result<std::string> read_choice(const Kept& row, std::string_view given) {
  for (std::string_view rest = row.choices; !rest.empty();) {
    const std::string_view name = rest.substr(0, rest.find(','));
    if (util::equal_ignoring_case(name, given)) return std::string(name);
    rest.remove_prefix(std::min(name.size() + 2, rest.size()));
  }
  return Failure{fmt::format("argument(s) must be one of the following: {}", row.choices)};
}

// The value as it is shown from then on.
Result<std::string> read(const Kept& row, std::string_view given) {
  switch (row.kind) {
    case Kind::YesNo:
      for (const std::string_view name : {"yes", "no"}) {
        if (util::equal_ignoring_case(name, given)) return std::string(name);
      }
      return Failure{"argument must be 'yes' or 'no'"};
    case Kind::Integer:
      if (const auto number = util::parse_int64(given)) return in_range(row, *number);
      return Failure{"argument couldn't be parsed into an integer"};
    case Kind::Memory:
      if (const auto size = util::parse_memory_size(given)) return in_range(row, static_cast<int64_t>(*size));
      return Failure{"argument must be a memory value"};
    case Kind::Choice:
      return read_choice(row, given);
    case Kind::Text:
      return std::string(given);
  }
  return std::string(given);
}

}  // namespace

static void add(server::ParameterTable& table, const Kept& row) {
  if (table.find(row.name) != nullptr) return;
  const auto value = std::make_shared<std::string>(row.value);
  Parameter parameter{.name = std::string(row.name),
                      .alias = std::string(row.alias),
                      .get = [value] { return *value; },
                      .set = [value, &row](std::string_view given) -> Result<> {
                        auto taken = read(row, given);
                        if (!taken) return Failure{taken.error()};
                        *value = std::move(taken.value());
                        return {};
                      }};
  parameter.immutable = row.fixed;
  parameter.hidden = row.hidden;
  table.add(std::move(parameter));
}

void add_kept_parameters(server::ParameterTable& table) {
  for (const auto group : kGroups) {
    for (const Kept& row : group) add(table, row);
  }
}

}  // namespace introspection
