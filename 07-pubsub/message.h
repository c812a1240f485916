// SPDX-License-Identifier: MIT
//
// A message as its subscribers receive it. It is encoded once, whatever their number; RESP3 marks
// it as a push and differs from RESP2 in its first byte:
//
//   *3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$5\r\nhello\r\n        RESP2
//   >3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$5\r\nhello\r\n        RESP3
//
// The output buffers refer to the one text. Lives while a command runs; the text lives on with
// them.
#pragma once

#include <span>
#include <string_view>

#include "shared/util/blob.h"

namespace pubsub {

// The words as an array (RESP2) or a push (RESP3) of bulks.
util::Blob encode_message(std::span<const std::string_view> words, int protocol);

class Message {
 public:
  // The words are used until the first encoding() of each protocol.
  explicit Message(std::span<const std::string_view> words) : words_(words) {}
  const util::Blob& encoding(int protocol);

 private:
  std::span<const std::string_view> words_;
  util::Blob encodings_[2];
};

}  // namespace pubsub
