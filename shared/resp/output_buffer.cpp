// SPDX-License-Identifier: MIT
#include "shared/resp/output_buffer.h"

#include <algorithm>
#include <new>

namespace resp {

// Free chunks of this thread, at most kKeep: a turn of so many connections allocates nothing. They
// count as used memory, so they must stay few (256 KB).
struct OutputBuffer::Pool {
  static constexpr size_t kKeep = 16;
  Chunk* free = nullptr;
  size_t count = 0;

  Chunk* take() {
    void* place = free;
    if (free != nullptr) {
      free = free->next;
      --count;
    } else {
      place = memory::allocate(kChunkSize);
    }
    return new (place) Chunk;
  }
  void give(Chunk* chunk) {
    if (count == kKeep) {
      memory::release(chunk, kChunkSize);
      return;
    }
    chunk->next = free;
    free = chunk;
    ++count;
  }
  ~Pool() { release(); }
  void release() {
    while (free != nullptr) memory::release(std::exchange(free, free->next), kChunkSize);
    count = 0;
  }
};

OutputBuffer::Pool& OutputBuffer::pool() {
  thread_local Pool chunks;
  return chunks;
}

void OutputBuffer::release_spare() { pool().release(); }

void OutputBuffer::link(Chunk* chunk) {
  (tail_ == nullptr ? head_ : tail_->next) = chunk;
  tail_ = chunk;
}

OutputBuffer::Chunk* OutputBuffer::add_chunk() {
  link(pool().take());
  return tail_;
}

// A chunk that only refers has no bytes of its own: a header is all of it.
OutputBuffer::Chunk* OutputBuffer::add_reference(const util::Blob& blob) {
  link(new (memory::allocate(sizeof(Chunk))) Chunk);
  tail_->blob = blob;
  return tail_;
}

void OutputBuffer::append_in_pieces(std::string_view text) {
  while (!text.empty()) {
    if (tail_ == nullptr || tail_->room() == 0) add_chunk();
    const size_t count = std::min(text.size(), tail_->room());
    std::memcpy(tail_->bytes() + tail_->end, text.data(), count);
    commit(count);
    text.remove_prefix(count);
  }
}

void OutputBuffer::append_shared(const util::Blob& blob) {
  if (blob.size() < kShareFrom || blob.size() > UINT32_MAX) return append(blob.view());
  add_reference(blob)->end = static_cast<uint32_t>(blob.size());
  size_ += blob.size();
}

void OutputBuffer::append_slice(const util::Blob& blob, size_t begin, size_t end) {
  size_ += end - begin;
  const bool continues = tail_ != nullptr && tail_->blob && tail_->end == begin &&
                         tail_->blob.view().data() == blob.view().data();
  if (!continues) add_reference(blob)->begin = static_cast<uint32_t>(begin);
  tail_->end = static_cast<uint32_t>(end);
}

OutputBuffer::Hole OutputBuffer::open_hole() {
  reserve(kHoleSize);
  const Hole hole{tail_, tail_->end};
  tail_->end += kHoleSize;
  return hole;
}

void OutputBuffer::fill(Hole hole, std::string_view text) {
  auto* chunk = static_cast<Chunk*>(hole.chunk);
  char* const place = chunk->bytes() + hole.offset;
  const size_t behind = chunk->end - hole.offset - kHoleSize;
  text.copy(place, text.size());
  std::memmove(place + text.size(), place + kHoleSize, behind);
  chunk->end -= static_cast<uint32_t>(kHoleSize - text.size());
  size_ += text.size();
}

size_t OutputBuffer::pieces(std::span<std::string_view> out) const {
  size_t count = 0;
  for (Chunk* chunk = head_; chunk != nullptr && count < out.size(); chunk = chunk->next) {
    if (chunk->begin != chunk->end) out[count++] = chunk->text();
  }
  return count;
}

void OutputBuffer::free_head() {
  Chunk* chunk = std::exchange(head_, head_->next);
  if (head_ == nullptr) tail_ = nullptr;
  const bool reference = static_cast<bool>(chunk->blob);
  chunk->~Chunk();
  if (reference) return memory::release(chunk, sizeof(Chunk));
  pool().give(chunk);
}

void OutputBuffer::consume(size_t count) {
  size_ -= count;
  while (head_ != nullptr) {
    const size_t here = std::min<size_t>(count, head_->end - head_->begin);
    head_->begin += static_cast<uint32_t>(here);
    count -= here;
    if (head_->begin != head_->end) return;
    free_head();
  }
}

void OutputBuffer::clear() {
  while (head_ != nullptr) free_head();
  size_ = 0;
}

void OutputBuffer::append_all(OutputBuffer& from) {
  if (from.head_ == nullptr) return;
  (tail_ == nullptr ? head_ : tail_->next) = from.head_;
  tail_ = from.tail_;
  size_ += from.size_;
  from.head_ = from.tail_ = nullptr;
  from.size_ = 0;
}

size_t OutputBuffer::memory_size() const {
  size_t total = 0;
  for (const Chunk* chunk = head_; chunk != nullptr; chunk = chunk->next) {
    total += chunk->blob ? sizeof(Chunk) : kChunkSize;
  }
  return total;
}

OutputBuffer::Layout OutputBuffer::layout() const {
  if (head_ == nullptr) return {};
  Layout held{.first_size = head_->size(),
              .first_peak = head_->end,
              .first_bytes = head_->end - head_->begin};
  for (const Chunk* chunk = head_->next; chunk != nullptr; chunk = chunk->next) {
    ++held.behind;
    held.behind_size += chunk->size();
  }
  return held;
}

}  // namespace resp
