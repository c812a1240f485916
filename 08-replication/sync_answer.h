// SPDX-License-Identifier: MIT
//
// What a master says to PSYNC. Source: the answers of Redis 7.2.
//
//   +FULLRESYNC <id> <offset>     a snapshot follows, then the stream from that offset on
//   +CONTINUE [<id>]              the stream follows; the id, when it has changed, is the history's new name
//   -NOMASTERLINK …, -LOADING …   not now
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace replication {

struct SyncAnswer {
  enum class Kind : uint8_t { FullCopy, Continue, Later, Refused };
  Kind kind = Kind::Refused;
  std::string id;        // empty: not said
  int64_t position = 0;  // FullCopy: where the snapshot stands in the stream
};

// `line` without its end.
SyncAnswer read_sync_answer(std::string_view line);

}  // namespace replication
