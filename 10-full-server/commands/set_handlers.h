// SPDX-License-Identifier: MIT
//
// What the files of the set commands share: handlers that set_commands.cpp puts into rows, and how
// a whole set is answered.
#pragma once

#include "10-full-server/commands/packed_reply.h"
#include "10-full-server/types/set.h"
#include "shared/command/context.h"

namespace full_server::sets {

// set_random_commands.cpp
void spop(command::Context& c);
void srandmember(command::Context& c);
// set_algebra_commands.cpp
void sinter(command::Context& c);
void sinterstore(command::Context& c);
void sintercard(command::Context& c);
void sunion(command::Context& c);
void sunionstore(command::Context& c);
void sdiff(command::Context& c);
void sdiffstore(command::Context& c);

// All members, as a set.
inline void reply_all(command::Context& c, const types::Set& set) {
  c.reply().set(set.size());
  set.for_each([&](types::PackedValue member) { reply_packed(c, member); });
}

}  // namespace full_server::sets
