// SPDX-License-Identifier: MIT
//
// Whose stream this is. Bytes with the same id and the same position are the same bytes, on every
// server: that is all a partial resync rests on. A server that stops following keeps the id it
// followed as its previous one, valid up to the byte where the histories part, so that its sister
// replicas need no full copy.
//
//   id A  ═══════════════════╤═══ …            the old master
//   id B   (previous_id A) ══╧═══ …            a replica that was promoted at previous_end
//
// Pure; no thread of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace replication {

class ReplicationStream;

struct History {
  static constexpr size_t kIdLength = 40;
  static const std::string kNoId;  // forty zeros

  std::string id = new_id();
  std::string previous_id = kNoId;
  int64_t previous_end =
      -1;  // the first position that the two histories do not share, counted from 1 as INFO does

  static std::string new_id();
  // From `end` on the bytes are our own, or another master's: the history so far becomes the
  // previous one.
  void branch(int64_t end, std::string id_from_here = new_id());
  // Nothing is shared with anybody.
  void start_over(std::string id_from_here = new_id());
};

// Where a replica that knows history `id` may go on when it asks for byte number `wanted` (the
// first is 1), as a position of the stream; nothing when it needs a full copy. `recording`: the
// stream has been kept since somebody cared.
std::optional<int64_t> resume_position(const History& history, const ReplicationStream& stream,
                                       bool recording, std::string_view id, int64_t wanted);

}  // namespace replication
