// SPDX-License-Identifier: MIT
//
// INFO's fields in the order of Redis 7.2, and the value of those that have no meaning here: clients and monitoring tools
// look for them all. A field that a part of the server writes is never replaced. Constant data, pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace introspection {

// Section names in Redis' order.
std::vector<std::string_view> info_order();

// The section's lines in Redis' order, completed. A line that Redis does not know stays behind the one that it followed.
std::string arrange_info(std::string_view section, std::string_view lines);

}  // namespace introspection
