// SPDX-License-Identifier: MIT
//
// The parameters of snapshots, by Redis' names, and what they mean when a file is written.
#pragma once

#include <functional>
#include <string>

#include "06-rdb/save_points.h"

namespace server {
class Server;
}

namespace rdb {

struct SnapshotSettings {
  std::string file = "dump.rdb";  // in `dir`, which the process has entered
  SavePoints points;
  int version = 10;  // what every Redis since 7.0 reads; the full server writes 11
  bool compress = true;
  bool checksum = true;
  bool stop_writes_on_error = true;
  int key_pause_us = 0;  // behind each key: tests make a save as slow as they need it
  int load_pause_us = 0;  // … and a load; negative: one microsecond behind every so many keys

  bool points_given = false;  // a `save` was read: the defaults no longer hold
  bool started = false;       // from now on `save` replaces instead of adding
};

// `changed` is called when, at run time, a parameter changed that decides whether writes are
// refused.
void add_parameters(server::Server& server, SnapshotSettings& settings,
                    const std::function<void()>& changed);

}  // namespace rdb
