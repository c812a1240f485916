// SPDX-License-Identifier: MIT
#include "shared/server/settings.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>

#include "shared/server/log.h"

namespace server {

using util::Failure;
using util::Result;

// `dir` is entered at once, and read back as the place where the server is.
static Parameter directory(std::string& value) {
  return {.name = "dir",
          .get =
              [&value] {
                char path[PATH_MAX];
                return getcwd(path, sizeof path) != nullptr ? std::string(path) : value;
              },
          .set = [&value](std::string_view given) -> Result<> {
            value = given;
            if (chdir(value.c_str()) != 0) return Failure{std::strerror(errno)};
            return {};
          },
          .guarded = true,
          .not_while_loading = true};
}

// Any number is taken, and kept within what makes sense.
static Parameter ticks_per_second(int& value) {
  Parameter row = integer("hz", value, 0, INT_MAX);
  row.set = [&value, read = row.set](std::string_view given) -> Result<> {
    if (const auto done = read(given); !done) return done;
    value = std::clamp(value, 1, 500);
    return {};
  };
  return row;
}

static Parameter who(std::string name, int& value) {
  return choice(std::move(name), value,
                {{"no", Settings::kNobody}, {"yes", Settings::kEverybody}, {"local", Settings::kLocalClients}})
      .fixed();
}

bool is_local_address(std::string_view peer) {
  return peer.starts_with("127.") || peer.starts_with("[::1]") || peer.starts_with("::1") || peer.starts_with("/");
}

void add_parameters(ParameterTable& table, Settings& settings) {
  table.add(integer("port", settings.port, 0, 65535).fixed());
  table.add(words("bind", settings.bind).fixed());
  table.add(directory(settings.dir));
  table.add(integer("databases", settings.databases, 1, INT_MAX).fixed());
  table.add(integer("maxclients", settings.max_clients, 1, UINT_MAX));
  table.add(integer("tcp-backlog", settings.tcp_backlog, 0, INT_MAX).fixed());
  table.add(integer("tcp-keepalive", settings.tcp_keepalive, 0, INT_MAX));
  table.add(ticks_per_second(settings.hz));
  table.add(who("enable-protected-configs", settings.protected_configs));
  table.add(who("enable-debug-command", settings.debug_command));
  table.add(choice("loglevel", settings.log_level,
                   {{"debug", 0}, {"verbose", 1}, {"notice", 2}, {"warning", 3}, {"nothing", 4}}));
  table.add(text("logfile", settings.log_file).fixed());
  table.add(boolean("daemonize", settings.daemonize).fixed());
  table.add(text("pidfile", settings.pid_file).fixed());
  Parameter max_bulk = integer("proto-max-bulk-len", settings.parser.max_bulk_length, 1024 * 1024, LONG_MAX);
  max_bulk.set = [&settings](std::string_view given) -> Result<> {
    uint64_t size = 0;
    if (const auto read = memory_size("", size).set(given); !read) return read;
    if (size < 1024 * 1024 || size > LONG_MAX) {
      return Failure{"argument must be between 1048576 and 9223372036854775807 inclusive"};
    }
    settings.parser.max_bulk_length = static_cast<int64_t>(size);
    return {};
  };
  table.add(std::move(max_bulk));
}

}  // namespace server
