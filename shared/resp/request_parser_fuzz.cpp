// SPDX-License-Identifier: MIT
//
// libFuzzer target of the request parser. The first three bytes say how the rest is cut, how many
// requests a batch takes and which limits hold; parsing in pieces must give what parsing at once
// gives: the same requests, the same error, and no more than twice the input examined.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "shared/testing/request_feeder.h"

namespace {

// Shorter lines than the length limit of a line, which depends on the pieces (as it does in Redis).
constexpr std::size_t kLongestInput = 60 * 1024;

void check(const testing::RequestFeeder& feeder, const testing::RequestFeeder& whole) {
  if (feeder.requests() != whole.requests() || feeder.error() != whole.error()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4 || size > kLongestInput) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 3, size - 3);
  resp::ParserLimits limits;
  limits.max_bulk_length = 1 << 20;
  limits.authenticated = data[2] % 4 != 0;

  testing::RequestFeeder whole(limits);
  whole.feed(bytes);
  testing::RequestFeeder pieces(limits, data[1] % 4 + 1U);
  std::size_t seed = data[0];
  for (std::size_t at = 0; at < bytes.size();) {
    seed = seed * 1103515245 + 12345;
    const std::size_t piece = data[0] == 0 ? 1 : (seed >> 16) % (data[0] + 1U) + 1;
    pieces.feed(bytes.substr(at, piece));
    at += piece;
  }
  check(pieces, whole);
  if (pieces.parser().bytes_examined() > 2 * bytes.size()) std::abort();
  return 0;
}
