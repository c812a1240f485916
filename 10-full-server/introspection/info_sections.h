// SPDX-License-Identifier: MIT
//
// The full server's INFO: sections and fields beyond those that the frame and the stages write, and the order of all of
// them. Source: INFO of Redis 7.2.
#pragma once

namespace server {
class Server;
}

namespace introspection {

void add_info_sections(server::Server& server);

}  // namespace introspection
