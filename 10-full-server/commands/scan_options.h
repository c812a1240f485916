// SPDX-License-Identifier: MIT
//
// What SCAN and its relatives for collections read alike: a cursor and MATCH, COUNT, TYPE.
// Arguments are referred to, not copied.
#pragma once

#include <optional>

#include "shared/command/context.h"

namespace full_server {

// An unsigned 64-bit number as strtoul reads it, all of it and without leading space; nothing, and
// answered, otherwise.
std::optional<uint64_t> read_cursor(command::Context& c, size_t argument);

struct ScanOptions {
  std::string_view pattern = "*";
  int64_t count = 10;
  std::optional<std::string_view> type;

  bool matches(std::string_view text) const;
  // More steps than this would take too long in a table that has shrunk a lot.
  int64_t most_steps() const;
};

// Reads from the argument at `from` to the end; nothing, and answered, when something is wrong.
enum class ScanKind : bool { Collection, Keyspace };
std::optional<ScanOptions> read_scan_options(command::Context& c, size_t from, ScanKind kind);

// Walks on from `cursor` until enough was seen; where the next call goes on. `step(cursor, seen)` visits a part, adds to
// `seen` how many items that was, matching or not, and returns the next cursor.
template <class Step>  // uint64_t(uint64_t cursor, int64_t& seen)
uint64_t scan_some(const ScanOptions& options, uint64_t cursor, Step&& step) {
  int64_t seen = 0;
  for (int64_t steps = options.most_steps(); seen < options.count; --steps) {
    cursor = step(cursor, seen);
    if (cursor == 0 || steps == 0) break;
  }
  return cursor;
}

// How the reply begins; the array of what was found must follow.
void reply_cursor(command::Context& c, uint64_t cursor);

}  // namespace full_server
