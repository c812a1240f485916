// SPDX-License-Identifier: MIT
// Sorted sets, put together: commands, type, files' codec, the log's rewriter and parameters.
#include "10-full-server/commands/sorted_set_commands.h"

#include <limits>

#include "05-aof/append_only.h"
#include "10-full-server/commands/commands.h"
#include "10-full-server/persistence/codecs.h"
#include "shared/server/server.h"

namespace full_server {

void compose_sorted_sets(server::Server& server) {
  for (const auto rows :
       {sorted_set_read_commands(), sorted_set_write_commands(), sorted_set_range_commands(),
        sorted_set_algebra_commands(), sorted_set_pop_commands(), sorted_set_random_commands()}) {
    server.add_commands(rows);
  }
  keyspace::register_type(types::SortedSet::descriptor());
  server.parts.get<rdb::CodecTable>().add(persistence::sorted_set_codec());
  server.parts.get<aof::AppendOnly>().rewriters().add(keyspace::TypeId::SortedSet,
                                                      persistence::rewrite_sorted_set);
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  types::SortedSetSettings& settings = types::sorted_set_settings;
  settings = {};
  server.parameters.add(
      server::integer("zset-max-listpack-entries", settings.max_listpack_entries, 0, kMost)
          .also_called("zset-max-ziplist-entries"));
  server.parameters.add(
      server::integer("zset-max-listpack-value", settings.max_listpack_value, 0, kMost)
          .also_called("zset-max-ziplist-value"));
}

}  // namespace full_server
