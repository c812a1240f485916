// SPDX-License-Identifier: MIT
//
// libFuzzer target of the reply reader. The first byte says how the rest is cut; reading it in
// pieces must give what reading it at once gives: the same replies, the same error, the same bytes
// consumed.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "shared/resp/reply_reader.h"

namespace {

struct Outcome {
  std::size_t replies = 0;
  std::uint64_t consumed = 0;
  std::string error;
  bool operator==(const Outcome&) const = default;
};

Outcome read_in_pieces(std::string_view bytes, std::size_t piece) {
  resp::ReplyReader reader(
      {.depth = 16, .line_bytes = 4096, .bulk_bytes = 1U << 20, .elements = 4096});
  Outcome outcome;
  resp::Reply reply;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    reader.feed(bytes.substr(at, piece));
    while (reader.next(reply) == resp::ReadStatus::Ready) ++outcome.replies;
  }
  outcome.consumed = reader.bytes_consumed();
  outcome.error = reader.error().substr(0, reader.error().find('\''));
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t piece = data[0] % 16U + 1U;
  if (read_in_pieces(bytes, bytes.size()) != read_in_pieces(bytes, piece)) std::abort();
  return 0;
}
