// SPDX-License-Identifier: MIT
//
// Where requests end in a stream of bytes: `*2\r\n$3\r\nGET\r\n$4\r\nname\r\n`, or a line. It reads
// lengths and skips what they announce, so a request of many megabytes in many pieces is looked at
// once. What the request says is the parser's business, when all of it is there. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace replication {

class RequestFramer {
 public:
  enum class Status : uint8_t { Complete, More, Broken };

  // `bytes` begins with the request whose end is looked for, and may have grown since the last call
  // that said More. Complete: end() is its length, and the next call looks for the next one's.
  Status find_end(std::string_view bytes);
  size_t end() const { return end_; }

 private:
  // Complete: a number was read behind `mark`, and position_ stands behind its line.
  Status read_number(std::string_view bytes, char mark, int64_t& number);

  size_t position_ = 0;     // next byte to look at
  int64_t arguments_ = -1;  // still to come; -1: the header has not come
  size_t end_ = 0;
};

}  // namespace replication
