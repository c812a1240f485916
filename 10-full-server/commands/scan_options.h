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

}  // namespace full_server
