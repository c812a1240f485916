// SPDX-License-Identifier: MIT
//
// A log may begin with a snapshot (Redis' base files, appendonly.aof.1.base.rdb): this is how stage
// 05's loader gets it read.
#pragma once

#include "05-aof/log_loader.h"
#include "06-rdb/snapshot_loader.h"

namespace rdb {

// Both outlive the reader.
aof::PreambleReader log_preamble_reader(server::Server& server, const CodecTable& codecs);

}  // namespace rdb
