// SPDX-License-Identifier: MIT
//
// Parameters of Redis 7.2 that steer something which this server does not have. They are read, checked, shown and written
// back as Redis does, so that a redis.conf can be used as it is; nothing follows from them. The table says, group by
// group, why. Loop thread only.
#pragma once

namespace server {
class ParameterTable;
}

namespace introspection {

// Adds those that nobody else has added. Their values live as long as the table's rows.
void add_kept_parameters(server::ParameterTable& table);

}  // namespace introspection
