// SPDX-License-Identifier: MIT
#include "08-replication/payload_receiver.h"

#include <algorithm>

#include "shared/util/numbers.h"

namespace replication {

constexpr size_t kLongestHeader = 128;
constexpr std::string_view kMarkHeader = "$EOF:";

PayloadReceiver::Status PayloadReceiver::fail(std::string message) {
  error_ = std::move(message);
  return Status::Failed;
}

PayloadReceiver::Status PayloadReceiver::feed(std::string_view& bytes,
                                              util::FunctionRef<void(std::string_view)> sink) {
  if (!error_.empty()) return Status::Failed;
  if (body_ == Body::None) {
    if (const Status status = read_header(bytes); status != Status::Done) return status;
  }
  if (body_ == Body::UntilMark) return read_until_mark(bytes, sink);
  const std::string_view piece =
      bytes.substr(0, static_cast<size_t>(std::min<uint64_t>(bytes.size(), total_ - received_)));
  if (!piece.empty()) sink(piece);
  received_ += piece.size();
  bytes.remove_prefix(piece.size());
  return received_ == total_ ? Status::Done : Status::More;
}

// Done: the header line is complete, and body_ says what follows.
PayloadReceiver::Status PayloadReceiver::read_header(std::string_view& bytes) {
  while (!bytes.empty()) {
    const char byte = bytes.front();
    bytes.remove_prefix(1);
    if (byte == '\n' && line_.empty()) continue;  // still saving
    if (byte != '\n') {
      line_.push_back(byte);
      if (line_.size() > kLongestHeader) return fail("the snapshot's header is too long");
      continue;
    }
    if (line_.back() == '\r') line_.pop_back();
    if (line_.starts_with('-'))
      return fail("MASTER aborted replication with an error: " + line_.substr(1));
    if (!line_.starts_with('$'))
      return fail("the snapshot does not begin with '$': '" + line_ + "'");
    if (line_.starts_with(kMarkHeader)) {
      mark_ = line_.substr(kMarkHeader.size());
      if (mark_.size() != kMarkLength) return fail("the snapshot's end mark is not 40 bytes long");
      body_ = Body::UntilMark;
      return Status::Done;
    }
    const auto length = util::parse_int64(std::string_view(line_).substr(1));
    if (!length || *length < 0) return fail("the snapshot's length is no number: '" + line_ + "'");
    total_ = static_cast<uint64_t>(*length);
    body_ = Body::Counted;
    return Status::Done;
  }
  return Status::More;
}

// The last 40 bytes are held back: they are the mark, or the snapshot goes on and they belong to
// it. A master ends what it sends with the mark and waits for our acknowledgement before the stream
// begins, so the mark is the end of what is there.
PayloadReceiver::Status PayloadReceiver::read_until_mark(
    std::string_view& bytes, util::FunctionRef<void(std::string_view)> sink) {
  const auto give = [&](std::string_view piece) {
    if (piece.empty()) return;
    received_ += piece.size();
    sink(piece);
  };
  const size_t seen = last_.size() + bytes.size();
  if (seen <= kMarkLength) {
    last_.append(bytes);
  } else {
    const size_t from_last = std::min(last_.size(), seen - kMarkLength);
    give(std::string_view(last_).substr(0, from_last));
    last_.erase(0, from_last);
    const size_t direct = bytes.size() - (kMarkLength - last_.size());
    give(bytes.substr(0, direct));
    last_.append(bytes.substr(direct));
  }
  bytes = {};
  return last_ == mark_ ? Status::Done : Status::More;
}

}  // namespace replication
