// SPDX-License-Identifier: MIT
//
// The master's snapshot while it comes, for whoever loads it without a file in between: it reads the link's socket itself,
// from the snapshot's first byte to its last, and the link waits. The link may end at any moment: cancel(), and every read
// fails from then on. The loop thread's alone.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "06-rdb/snapshot_loader.h"
#include "08-replication/payload_receiver.h"

namespace replication {

// The link's side of it, valid during the call. `arrived` has been read from the socket already.
struct ArrivingSnapshot {
  int descriptor;
  const PayloadReceiver& receiver;  // behind the header
  std::string_view arrived;
};

class DirectSnapshot : public rdb::LiveSource {
 public:
  virtual void cancel() = 0;
  // What stands behind the last byte that the loader needed: the mark.
  virtual util::Result<> finish() = 0;
};

// Null: this one goes through a file.
using DirectSnapshotMaker = std::function<std::shared_ptr<DirectSnapshot>(const ArrivingSnapshot& snapshot)>;

}  // namespace replication
