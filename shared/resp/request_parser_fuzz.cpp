// SPDX-License-Identifier: MIT
//
// libFuzzer target of the request parser. The last three bytes say how the others are cut, how many
// requests a batch takes and which limits hold; parsing in pieces must give what parsing at once
// gives: the same requests, the same error, and no more than twice the input examined. The first
// byte 1 stands for 33,000 of them, so that short inputs hold large arguments.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "shared/testing/request_feeder.h"

namespace {

// Shorter lines than the length limit of a line, which depends on the pieces (as it does in Redis).
constexpr std::size_t kLongestInput = 30 * 1024;

std::string expanded(std::string_view bytes) {
  std::string text(bytes);
  if (const std::size_t at = text.find('\1'); at != std::string::npos)
    text.insert(at, 32'999, '\1');
  return text;
}

void check(const testing::RequestFeeder& feeder, const testing::RequestFeeder& whole) {
  if (feeder.requests() != whole.requests() || feeder.error() != whole.error()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4 || size > kLongestInput) return 0;
  const std::string text = expanded({reinterpret_cast<const char*>(data), size - 3});
  const std::uint8_t* const control = data + size - 3;
  const std::string_view bytes = text;
  const std::size_t scale = bytes.size() > kLongestInput ? 128 : 1;
  resp::ParserLimits limits;
  limits.max_bulk_length = 1 << 20;
  limits.authenticated = control[2] % 4 != 0;

  testing::RequestFeeder whole(limits);
  whole.feed(bytes);
  testing::RequestFeeder pieces(limits, control[1] % 4 + 1U);
  std::size_t seed = control[0];
  for (std::size_t at = 0; at < bytes.size();) {
    seed = seed * 1103515245 + 12345;
    const std::size_t piece = control[0] == 0 ? scale : (seed >> 16) % (scale * control[0] + 1) + 1;
    pieces.feed(bytes.substr(at, piece));
    at += piece;
  }
  check(pieces, whole);
  if (pieces.parser().bytes_examined() > 2 * bytes.size()) std::abort();
  return 0;
}
