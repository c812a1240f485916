// SPDX-License-Identifier: MIT
//
// Which files make up the log, in the order of reading. One line a file, as Redis 7 writes it:
//
//   file appendonly.aof.1.base.rdb seq 1 type b     the data set at some moment, at most one
//   file appendonly.aof.1.incr.aof seq 1 type i     what changed since then, one or more, numbers ascending
//   file appendonly.aof.0.incr.aof seq 0 type h     no longer needed, to be removed
//
// A name that contains blanks or bytes beyond ASCII is quoted. Unknown `key value` pairs are
// skipped, lines beginning with # too. Plain data; source: "AOF manifest" in Redis 7's aof.c.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/util/result.h"

namespace aof {

struct LogFile {
  std::string name;
  int64_t sequence = 0;
};

struct Manifest {
  std::optional<LogFile> base;
  std::vector<LogFile> increments;
  std::vector<LogFile> history;

  bool empty() const { return !base && increments.empty(); }
  // In the order of reading.
  std::vector<std::string> names() const;
};

// The failure is several lines: what is wrong, and the line that it was found in.
util::Result<Manifest> parse_manifest(std::string_view text);
std::string format_manifest(const Manifest& manifest);

}  // namespace aof
