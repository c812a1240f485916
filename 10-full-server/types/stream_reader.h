// SPDX-License-Identifier: MIT
//
// Reads a stream's entries between two ids, both included, in either direction:
//
//   for (StreamReader reader(stream, from, to); reader.next();) use(reader.entry());
//
// Refers to the stream, which must not change meanwhile.
#pragma once

#include "10-full-server/types/stream.h"

namespace types {

class StreamReader {
 public:
  enum class Direction : bool { Forwards, Backwards };

  explicit StreamReader(const Stream& stream, StreamId from = kFirstStreamId,
                        StreamId to = kLastStreamId, Direction direction = Direction::Forwards);

  bool next();  // false: that was all
  const StreamEntry& entry() const { return entry_; }
  size_t chunk() const { return chunk_; }  // where the entry lies. REQUIRES: forwards
  void include_deleted() { with_deleted_ = true; }

 private:
  bool next_forwards();
  bool next_backwards();

  const Stream::Chunks& chunks_;
  StreamId from_;
  StreamId to_;
  Direction direction_;
  bool with_deleted_ = false;
  size_t chunk_;  // whose entries are being read; one too many when it goes backwards
  const uint8_t* at_ = nullptr;  // where the next one begins, or ends; null: in the next chunk
  StreamEntry entry_;
};

}  // namespace types
