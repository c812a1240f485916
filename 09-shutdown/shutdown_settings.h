// SPDX-License-Identifier: MIT
//
// The parameters of stopping: shutdown-timeout, shutdown-on-sigterm, shutdown-on-sigint. Source:
// redis.conf of Redis 7.2.
#pragma once

#include "shared/server/parameter_table.h"
#include "shared/server/shutdown_steps.h"

namespace shutdown {

// Options as they are named after SHUTDOWN and in shutdown-on-sigterm.
using Options = int;
inline constexpr Options kSave = 1 << 0;
inline constexpr Options kNoSave = 1 << 1;
inline constexpr Options kNow = 1 << 2;
inline constexpr Options kForce = 1 << 3;

struct ShutdownSettings {
  int timeout = 10;  // seconds; 0: waits for nobody
  Options on_sigterm = 0;
  Options on_sigint = 0;
};

void add_parameters(server::ParameterTable& table, ShutdownSettings& settings);

// What the options ask for. Its signal and its deadline are left open.
server::ShutdownRequest request_of(Options options);

}  // namespace shutdown
