// SPDX-License-Identifier: MIT
#include "10-full-server/types/stream_reader.h"

namespace types {

StreamReader::StreamReader(const Stream& stream, StreamId from, StreamId to, Direction direction)
    : chunks_(stream.chunks()), from_(from), to_(to), direction_(direction) {
  if (direction == Direction::Forwards) {
    chunk_ = stream.chunk_of(from);
  } else {
    chunk_ = chunks_.empty() ? 0 : stream.chunk_of(to) + 1;
  }
}

bool StreamReader::next() {
  return direction_ == Direction::Forwards ? next_forwards() : next_backwards();
}

bool StreamReader::next_forwards() {
  for (; chunk_ < chunks_.size(); ++chunk_, at_ = nullptr) {
    const StreamChunk& chunk = chunks_[chunk_];
    if (at_ == nullptr) at_ = chunk.entries_begin();
    for (const uint8_t* const end = chunk.entries_end(); at_ != end;) {
      entry_ = chunk.entry_at(at_);
      if (entry_.id > to_) return false;
      at_ = entry_.end;
      if (entry_.id >= from_ && (with_deleted_ || !entry_.deleted)) return true;
    }
  }
  return false;
}

bool StreamReader::next_backwards() {
  for (; chunk_ > 0; --chunk_, at_ = nullptr) {
    const StreamChunk& chunk = chunks_[chunk_ - 1];
    if (at_ == nullptr) at_ = chunk.entries_end();
    while (const uint8_t* const begin = StreamChunk::entry_ending_at(at_)) {
      entry_ = chunk.entry_at(begin);
      if (entry_.id < from_) return false;
      at_ = begin;
      if (entry_.id <= to_ && (with_deleted_ || !entry_.deleted)) return true;
    }
  }
  return false;
}

}  // namespace types
