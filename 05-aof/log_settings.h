// SPDX-License-Identifier: MIT
//
// The log's parameters, as redis.conf names them.
#pragma once

#include <functional>
#include <string>

#include "shared/server/parameter_table.h"

namespace aof {

enum class SyncPolicy : int { No, Always, EverySecond };

struct LogSettings {
  bool enabled = false;                                  // appendonly
  int sync = static_cast<int>(SyncPolicy::EverySecond);  // appendfsync
  std::string file_name = "appendonly.aof";              // appendfilename
  std::string directory = "appendonlydir";               // appenddirname
  bool load_truncated = true;                            // aof-load-truncated
  bool no_sync_while_child = false;                      // no-appendfsync-on-rewrite

  SyncPolicy policy() const { return static_cast<SyncPolicy>(sync); }
};

// `switched`: appendonly has changed at run time.
void add_parameters(server::ParameterTable& table, LogSettings& settings,
                    std::function<util::Result<>()> switched);

}  // namespace aof
