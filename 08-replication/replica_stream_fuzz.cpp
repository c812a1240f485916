// SPDX-License-Identifier: MIT
//
// libFuzzer target of what a replica reads from its master: the snapshot's frame, then the
// stream's. The first byte says how the rest is cut. In pieces of any size the stream's requests
// end at the same places as at once, and nothing reads behind what has arrived.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "08-replication/payload_receiver.h"
#include "08-replication/request_framer.h"
#include "08-replication/sync_answer.h"

namespace {

using replication::PayloadReceiver;
using replication::RequestFramer;

// Where requests end; -1 behind the last one when the bytes are broken there.
std::vector<long> ends(std::string_view bytes, size_t piece) {
  RequestFramer framer;
  std::vector<long> found;
  size_t done = 0;
  for (size_t arrived = piece;; arrived += piece) {
    const std::string_view here = bytes.substr(0, arrived);
    auto status = RequestFramer::Status::More;
    while ((status = framer.find_end(here.substr(done))) == RequestFramer::Status::Complete) {
      if (framer.end() == 0 || done + framer.end() > here.size()) std::abort();
      done += framer.end();
      found.push_back(static_cast<long>(done));
    }
    if (status == RequestFramer::Status::Broken) return found.push_back(-1), found;
    if (arrived >= bytes.size()) return found;
  }
}

void receive(std::string_view bytes, size_t piece) {
  PayloadReceiver receiver;
  uint64_t received = 0;
  while (!bytes.empty()) {
    std::string_view some = bytes.substr(0, piece);
    bytes.remove_prefix(some.size());
    const auto status =
        receiver.feed(some, [&](std::string_view part) { received += part.size(); });
    if (received != receiver.received()) std::abort();
    if (status != PayloadReceiver::Status::More) return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const size_t piece = data[0] % 16U + 1U;
  replication::read_sync_answer(bytes);
  receive(bytes, piece);
  const std::vector<long> at_once = ends(bytes, bytes.size()), in_pieces = ends(bytes, piece);
  // A line or number that is too long may be noticed later, when it arrives in larger pieces.
  if (at_once.empty() || in_pieces.empty() || at_once.back() < 0 || in_pieces.back() < 0) return 0;
  if (at_once != in_pieces) std::abort();
  return 0;
}
