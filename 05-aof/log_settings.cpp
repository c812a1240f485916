// SPDX-License-Identifier: MIT
#include "05-aof/log_settings.h"

namespace aof {

using util::Failure;
using util::Result;

// A name that stays inside the folder it is used in.
static server::Parameter base_name(std::string name, std::string& value, std::string what) {
  server::Parameter row = server::text(name, value);
  row.set = [name, what, &value](std::string_view given) -> Result<> {
    if (given.empty()) return Failure{name + " can't be empty"};
    if (given.find('/') != std::string_view::npos || given == "." || given == "..") {
      return Failure{name + " can't be a path, just a " + what};
    }
    value = given;
    return {};
  };
  return std::move(row.fixed());
}

void add_parameters(server::ParameterTable& table, LogSettings& settings,
                    std::function<Result<>()> switched) {
  table.add(std::move(server::boolean("appendonly", settings.enabled).then(std::move(switched))));
  table.add(server::choice("appendfsync", settings.sync,
                           {{"everysec", static_cast<int>(SyncPolicy::EverySecond)},
                            {"always", static_cast<int>(SyncPolicy::Always)},
                            {"no", static_cast<int>(SyncPolicy::No)}}));
  table.add(base_name("appendfilename", settings.file_name, "filename"));
  table.add(base_name("appenddirname", settings.directory, "dirname"));
  table.add(server::boolean("aof-load-truncated", settings.load_truncated));
  table.add(server::boolean("no-appendfsync-on-rewrite", settings.no_sync_while_child));
}

}  // namespace aof
