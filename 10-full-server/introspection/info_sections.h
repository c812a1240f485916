// SPDX-License-Identifier: MIT
//
// INFO sections beyond the frame's own: persistence, replication, modules, commandstats, cluster. They hold what is true of
// a server without log, snapshots and replicas; the stages that bring these replace the sections by name. INFO of Redis 7.2.
#pragma once

namespace server {
class Server;
}

namespace introspection {

void add_info_sections(server::Server& server);

}  // namespace introspection
