// SPDX-License-Identifier: MIT
//
// MIGRATE host port key|"" db timeout [COPY] [REPLACE] [AUTH password | AUTH2 user password] [KEYS key …]. REQUIRES: a
// migration::TargetLinks among the server's parts.
#pragma once

namespace command {
class Context;
}

namespace full_server {

void migrate(command::Context& c);

}  // namespace full_server
