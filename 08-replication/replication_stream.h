// SPDX-License-Identifier: MIT
//
// The commands that changed the data, as one numbered sequence of bytes. A position is the number
// of bytes before it; end() is what Redis calls master_repl_offset. The bytes lie in one chain of
// counted blocks, which is the backlog (what a replica that was cut off may still ask for) and
// every replica's output at once: replicas hold references, no copies.
//
//   begin()                                                   end()
//     │▒▒▒▒▒▒▒▒▒▒▒▒▒▒│▒▒▒▒▒▒▒▒▒▒▒▒▒▒│▒▒▒▒▒▒▒▒▒▒▒▒▒▒│▒▒▒▒▒▒▒       blocks of 16 KB, filled in place
//        forgotten first        ▲ Hold: nothing behind this position is forgotten
//
// Invariant: the stream keeps at least the last `limit` bytes, if there ever were as many, and
// everything from the lowest Hold on. Knows neither sockets nor commands. The loop thread's alone.
#pragma once

#include <cstdint>
#include <deque>
#include <set>
#include <string_view>

#include "shared/resp/output_buffer.h"
#include "shared/util/blob.h"

namespace replication {

class ReplicationStream {
 public:
  static constexpr size_t kBlockMemory = 16 * 1024;
  static constexpr size_t kBlockSize = kBlockMemory - util::Blob::kOverhead;

  // `limit` in bytes (repl-backlog-size); may change at any time, and trim() follows it.
  explicit ReplicationStream(const uint64_t& limit) : limit_(limit) {}
  ReplicationStream(const ReplicationStream&) = delete;

  int64_t begin() const { return end_ - static_cast<int64_t>(size_); }
  int64_t end() const { return end_; }
  size_t size() const { return size_; }
  size_t memory_size() const { return blocks_.size() * kBlockMemory; }

  void append(std::string_view bytes);
  // Forgets what is neither held nor within the limit, in whole blocks.
  void trim();
  // Everything from `position` on, by reference. REQUIRES: begin() <= position <= end()
  void copy_to(resp::OutputBuffer& out, int64_t position) const;
  // Forgets everything; the next byte has this position. REQUIRES: nothing is held
  void restart(int64_t position);

  // Keeps the bytes from a position on, as long as it lives. Movable; an empty one holds nothing.
  class Hold {
   public:
    Hold() = default;
    Hold(ReplicationStream& stream, int64_t position)
        : stream_(&stream), place_(stream.holds_.insert(position)) {}
    Hold(Hold&& other) noexcept
        : stream_(std::exchange(other.stream_, nullptr)), place_(other.place_) {}
    Hold& operator=(Hold&& other) noexcept {
      std::swap(stream_, other.stream_);
      std::swap(place_, other.place_);
      return *this;
    }
    ~Hold() {
      if (stream_ != nullptr) stream_->holds_.erase(place_);
    }
    explicit operator bool() const { return stream_ != nullptr; }
    int64_t position() const { return *place_; }

   private:
    ReplicationStream* stream_ = nullptr;
    std::multiset<int64_t>::iterator place_;
  };

 private:
  struct Block {
    int64_t begin;
    util::Blob bytes;
    int64_t end() const { return begin + static_cast<int64_t>(bytes.size()); }
  };

  const uint64_t& limit_;
  std::deque<Block> blocks_;
  std::multiset<int64_t> holds_;
  int64_t end_ = 0;
  size_t size_ = 0;
};

}  // namespace replication
