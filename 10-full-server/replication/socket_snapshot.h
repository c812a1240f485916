// SPDX-License-Identifier: MIT
//
// A snapshot read from the link's socket while it is loaded (repl-diskless-load). Reading waits for what is missing, up to
// repl-timeout, as a loader in the middle of a value has nothing else to do; whoever has a choice asks ready() first.
// Not a byte behind the snapshot is taken: there the stream begins. Owns a descriptor of its own, so that the link may be
// closed meanwhile. The loop thread's alone.
#pragma once

#include <memory>

#include "08-replication/direct_snapshot.h"

namespace socket_snapshot {

// Null: there is no descriptor left. `timeout_seconds` outlives it.
std::shared_ptr<replication::DirectSnapshot> open(const replication::ArrivingSnapshot& snapshot,
                                                  const int& timeout_seconds);

}  // namespace socket_snapshot
