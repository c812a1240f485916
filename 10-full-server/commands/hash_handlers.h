// SPDX-License-Identifier: MIT
//
// Handlers of hash commands that have a file of their own. The rows are in hash_commands.cpp.
#pragma once

#include "shared/command/context.h"

namespace full_server {

void hrandfield(command::Context& c);

}  // namespace full_server
