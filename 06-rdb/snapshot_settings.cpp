// SPDX-License-Identifier: MIT
#include "06-rdb/snapshot_settings.h"

#include "06-rdb/rdb_format.h"
#include "shared/server/server.h"

namespace rdb {

using server::Parameter;
using util::Failure;
using util::Result;

// At start-up the first `save` replaces the defaults and the following ones add to it.
static Parameter save_points(SnapshotSettings& settings) {
  return {.name = "save",
          .get = [&settings] { return settings.points.text(); },
          .set = [&settings](std::string_view given) -> Result<> {
            const bool adds = !settings.started && settings.points_given;
            auto result = adds ? settings.points.add(given) : settings.points.set(given);
            if (result) settings.points_given = true;
            return result;
          },
          .takes_words = true,
          .repeats = true,
          .rewrite = [&settings] { return settings.points.lines(); }};
}

static Parameter file_name(std::string& value) {
  Parameter row = server::text("dbfilename", value);
  row.set = [&value](std::string_view given) -> Result<> {
    if (given.find('/') != std::string_view::npos)
      return Failure{"dbfilename can't be a path, just a filename"};
    value = given;
    return {};
  };
  row.guarded = true;
  return row;
}

void add_parameters(server::Server& server, SnapshotSettings& settings,
                    const std::function<void()>& changed) {
  const auto apply = [changed]() -> Result<> {
    changed();
    return {};
  };
  server::ParameterTable& table = server.parameters;
  table.add(save_points(settings).then(apply));
  table.add(file_name(settings.file));
  table.add(server::boolean("rdbcompression", settings.compress));
  table.add(server::boolean("rdbchecksum", settings.checksum).fixed());
  table.add(
      server::boolean("stop-writes-on-bgsave-error", settings.stop_writes_on_error).then(apply));
  table.add(server::integer("rdb-key-save-delay", settings.key_pause_us, 0, INT32_MAX));
  table.add(server::integer("key-load-delay", settings.load_pause_us, INT32_MIN, INT32_MAX)
                .concealed());
  table.add(server::integer("rdb-version", settings.version, 10, kNewestVersion));
}

}  // namespace rdb
