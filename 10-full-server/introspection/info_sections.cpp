// SPDX-License-Identifier: MIT
#include "10-full-server/introspection/info_sections.h"

#include <fmt/format.h>

#include "shared/server/server.h"
#include "shared/util/clock.h"

namespace introspection {

using server::InfoWriter;
using server::Server;

// Commands that nobody has sent are left out.
static void write_command_stats(Server& server, InfoWriter& out) {
  const auto& stats = server.executor.stats();
  for (size_t id = 0; id < stats.size(); ++id) {
    const command::CommandStats& each = stats[id];
    if (each.calls == 0 && each.rejected == 0 && each.failed == 0) continue;
    const double us = static_cast<double>(each.ticks) / util::ticks_per_us();
    const double per_call = each.calls == 0 ? 0 : us / static_cast<double>(each.calls);
    out.field(
        fmt::format("cmdstat_{}", server.table[id].name),
        fmt::format("calls={},usec={},usec_per_call={:.2f},rejected_calls={},failed_calls={}",
                    each.calls, static_cast<uint64_t>(us), per_call, each.rejected, each.failed));
  }
}

void add_info_sections(Server& server) {
  server::Info& info = server.info;
  info.add({"modules", "Modules", true, [](InfoWriter&) {}});
  info.add({"commandstats", "Commandstats", false,
            [&server](InfoWriter& out) { write_command_stats(server, out); }});
  info.add({"cluster", "Cluster", true, [](InfoWriter& out) { out.field("cluster_enabled", 0); }});
}

}  // namespace introspection
