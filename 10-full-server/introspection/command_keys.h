// SPDX-License-Identifier: MIT
//
// Finds the keys of a request by its row's key specs: what COMMAND GETKEYS answers. Pure functions.
#pragma once

#include <optional>
#include <vector>

#include "shared/command/command_row.h"
#include "shared/resp/request_parser.h"

namespace introspection {

struct KeyReference {
  size_t argument;  // its position in the request
  command::KeyFlags flags;
};

bool has_keys(const command::CommandRow& row);
// REQUIRES: the arity fits. Nothing: the arguments contradict the specs (a count of keys that is no
// number).
std::optional<std::vector<KeyReference>> find_keys(const command::CommandRow& row, resp::Args args);

}  // namespace introspection
