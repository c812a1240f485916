// SPDX-License-Identifier: MIT
//
// A request as bytes: `*2\r\n$3\r\nGET\r\n$4\r\nname\r\n`. What clients send, the log keeps and replicas receive.
#pragma once

#include "shared/resp/request_parser.h"
#include "shared/util/byte_buffer.h"

namespace resp {

void append_request(util::ByteBuffer& out, Args args) noexcept;

}  // namespace resp
