// SPDX-License-Identifier: MIT
//
// The three commands that need no data. Stage 03 replaces this file by a table of rows.
#pragma once

#include "shared/resp/reply_writer.h"
#include "shared/resp/request_parser.h"

namespace resp_parser {

// Answers one request. False: the client asked to leave (QUIT). An empty request has no answer.
bool execute(resp::Args args, resp::ReplyWriter& reply);

}  // namespace resp_parser
