// SPDX-License-Identifier: MIT
//
// Writes a command's entry of COMMAND DOCS, in the shape that Redis 7.2 gives it. A command without
// a line still has its name and subcommands.
#pragma once

#include "shared/command/command_table.h"
#include "shared/resp/reply_writer.h"

namespace introspection {

// Two elements of a map: the name and what is known of it.
void reply_docs(resp::ReplyWriter& reply, const command::Command& command);

}  // namespace introspection
