// SPDX-License-Identifier: MIT
#include "07-pubsub/message.h"

#include "shared/util/numbers.h"
#include "shared/util/todo.h"

namespace pubsub {

// Writes `*3\r\n`, `$5\r\n` and their like; returns what lies behind.
static char* write_header(char* out, char mark, size_t count) {
  *out++ = mark;
  out += util::format_uint64(count, out);
  *out++ = '\r';
  *out++ = '\n';
  return out;
}

util::Blob encode_message(std::span<const std::string_view> words, int protocol) {
  constexpr size_t kMostHeader = 1 + util::kMaxInt64Digits + 2;
  size_t most = kMostHeader;
  for (const std::string_view word : words) most += kMostHeader + word.size() + 2;
  util::Blob blob(most);
  char* out = write_header(blob.data(), protocol >= 3 ? '>' : '*', words.size());
  for (const std::string_view word : words) {
    out = write_header(out, '$', word.size());
    out += word.copy(out, word.size());
    *out++ = '\r';
    *out++ = '\n';
  }
  blob.set_size(static_cast<size_t>(out - blob.data()));
  return blob;
}

const util::Blob& Message::encoding(int protocol) {
  // [07.2c begin] the first to ask pays, the rest share
  util::Blob& encoding = encodings_[protocol >= 3 ? 1 : 0];
  if (!encoding) encoding = encode_message(words_, protocol);
  return encoding;
  // [07.2c end]
}

}  // namespace pubsub
