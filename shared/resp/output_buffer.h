// SPDX-License-Identifier: MIT
//
// Replies on their way to a socket: a chain of chunks. Chunks are leased from a pool that belongs
// to the thread and go back when they are sent, so an idle connection holds none. A large value is
// not copied: a chunk refers to its blob. Owned by one connection; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "shared/util/blob.h"

namespace resp {

class OutputBuffer {
 public:
  static constexpr size_t kChunkSize = 16 * 1024;  // an allocation's size, header included
  static constexpr size_t kShareFrom = 16 * 1024;  // blobs from here on are referred to, not copied

  OutputBuffer() = default;
  OutputBuffer(const OutputBuffer&) = delete;
  OutputBuffer& operator=(const OutputBuffer&) = delete;
  ~OutputBuffer() { clear(); }

  bool empty() const { return size_ == 0; }
  size_t size() const { return size_; }  // bytes to be sent

  // Room for `count` bytes in one piece, count <= kMaxReserve; commit() says how many were written.
  static constexpr size_t kMaxReserve = 4096;
  char* reserve(size_t count) {
    if (tail_ == nullptr || tail_->room() < count) [[unlikely]]
      add_chunk();
    return tail_->bytes() + tail_->end;
  }
  void commit(size_t count) {
    tail_->end += static_cast<uint32_t>(count);
    size_ += count;
  }

  void append(std::string_view text) {
    if (tail_ == nullptr || tail_->room() < text.size()) [[unlikely]]
      return append_in_pieces(text);
    text.copy(tail_->bytes() + tail_->end, text.size());
    commit(text.size());
  }
  void append_shared(const util::Blob& blob);
  // Bytes begin … end of the blob, by reference whatever their number; behind a slice that ends at `begin` the two become
  // one. The owner may go on to write behind `end`.
  void append_slice(const util::Blob& blob, size_t begin, size_t end);

  // A hole whose text (at most kHoleSize bytes) becomes known later: fill() before anything is
  // sent, the hole that was opened last first. What lies behind it in its chunk moves up then.
  static constexpr size_t kHoleSize = 24;
  struct Hole {
    void* chunk;
    uint32_t offset;
  };
  Hole open_hole();
  void fill(Hole hole, std::string_view text);

  // The first pieces of what is to be sent; returns how many were filled in.
  size_t pieces(std::span<std::string_view> out) const;
  void consume(size_t count);  // they were sent
  void clear();
  // Moves everything behind what is here already.
  void append_all(OutputBuffer& from);

  static void release_spare();  // chunks that wait to be used again, whoever had them
  size_t memory_size() const;  // chunks held, in bytes; shared blobs not included

  // What is held, the first chunk (all that most replies need) apart from the chain behind it.
  struct Layout {
    size_t first_size = 0;   // an allocation's size; what it refers to counts too
    size_t first_peak = 0;   // bytes that were ever in it, sent ones included
    size_t first_bytes = 0;  // bytes in it that are to be sent
    size_t behind = 0;       // chunks
    size_t behind_size = 0;
  };
  Layout layout() const;

 private:
  struct Chunk {
    Chunk* next = nullptr;
    uint32_t begin = 0;
    uint32_t end = 0;
    util::Blob blob;  // when set, begin and end are offsets into it and nothing is appended here
    char* bytes() { return reinterpret_cast<char*>(this + 1); }
    size_t room() const { return blob ? 0 : kChunkSize - sizeof(Chunk) - end; }
    size_t size() const { return blob ? sizeof(Chunk) + (end - begin) : kChunkSize; }
    std::string_view text() { return {(blob ? blob.data() : bytes()) + begin, end - begin}; }
  };
  struct Pool;
  static Pool& pool();

  Chunk* add_chunk();
  Chunk* add_reference(const util::Blob& blob);
  void link(Chunk* chunk);
  void append_in_pieces(std::string_view text);
  void free_head();

  Chunk* head_ = nullptr;
  Chunk* tail_ = nullptr;
  size_t size_ = 0;
};

}  // namespace resp
