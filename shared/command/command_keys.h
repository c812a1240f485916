// SPDX-License-Identifier: MIT
//
// Finds the keys of a request by its row's key specs: what COMMAND GETKEYS answers. Pure functions.
#pragma once

#include <optional>
#include <vector>

#include "shared/command/command_row.h"
#include "shared/resp/request_parser.h"

namespace command {

struct KeyReference {
  size_t argument;  // its position in the request
  KeyFlags flags;
};

bool has_keys(const CommandRow& row);
// REQUIRES: the arity fits. Nothing: the arguments contradict the specs (a count of keys that is no
// number).
std::optional<std::vector<KeyReference>> find_keys(const CommandRow& row, resp::Args args);

}  // namespace command
