// SPDX-License-Identifier: MIT
//
// One record of the log: a request as its writer encoded it, and nothing more lenient than that, so
// that a damaged byte is noticed where it lies.
//
//   *3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n      a command
//   #TS:1700000000\r\n                              an annotation (Redis' aof-timestamp-enabled), skipped
//
// Three answers, never mixed up: it is whole, its end is not here (yet), or a byte cannot stand
// where it stands.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace aof {

struct Record {
  enum class State { Complete, Incomplete, Damaged } state = State::Complete;
  size_t length =
      0;  // Complete: bytes of the record. Incomplete: at least so many are needed to go on
  size_t damage = 0;               // Damaged: offset of the byte, from the start of the record
  std::string_view expected = {};  // Damaged: what should stand there
};

// Reads the record at the start of `input`, which is not empty. The arguments are appended (an
// annotation has none); they point into `input`.
Record read_record(std::string_view input, std::vector<std::string_view>& arguments);

}  // namespace aof
