// SPDX-License-Identifier: MIT
//
// The commands that need no data. Stage 03 replaces this file by a table of rows.
#pragma once

#include <cstdint>

#include "shared/resp/reply_writer.h"
#include "shared/resp/request_parser.h"

namespace resp_parser {

// What one connection has cost so far. DEBUG PARSER answers it, so that work can be counted instead
// of timed.
struct Counters {
  uint64_t received = 0;  // bytes from the socket
  uint64_t examined = 0;  // bytes that the parser has looked at, each time that it looked
  uint64_t reads = 0;     // receives that brought bytes: turns
  uint64_t writes = 0;    // sends
  uint64_t buffer = 0;    // bytes that the input buffer can hold now
};

// Answers one request. False: the client asked to leave (QUIT). An empty request has no answer.
bool execute(resp::Args args, const Counters& counters, resp::ReplyWriter& reply);

}  // namespace resp_parser
