// SPDX-License-Identifier: MIT
//
// Bytes that are gathered to be written somewhere: grows by doubling, written at the end without initialising what was
// reserved. Owned by one thread.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>
#include <utility>

#include "shared/util/memory.h"

namespace util {

class ByteBuffer {
 public:
  ByteBuffer() = default;
  ByteBuffer(ByteBuffer&& other) noexcept { swap(other); }
  ByteBuffer& operator=(ByteBuffer&& other) noexcept { return swap(other), *this; }
  ~ByteBuffer() { release(); }

  // Room for `count` bytes behind what is there; commit() says how many were written.
  char* reserve(size_t count) {
    if (capacity_ - size_ < count) [[unlikely]] grow(count);
    return bytes_ + size_;
  }
  void commit(size_t count) { size_ += count; }
  void append(std::string_view text) {
    if (text.empty()) return;
    std::memcpy(reserve(text.size()), text.data(), text.size());
    commit(text.size());
  }
  void push_back(char byte) {
    *reserve(1) = byte;
    commit(1);
  }

  std::string_view view() const { return {bytes_, size_}; }
  char* data() { return bytes_; }
  size_t size() const { return size_; }
  size_t capacity() const { return capacity_; }
  bool empty() const { return size_ == 0; }
  void clear() { size_ = 0; }  // keeps the memory
  void truncate(size_t size) { size_ = size; }  // REQUIRES: size <= size()
  void release() {
    if (bytes_ != nullptr) memory::release(bytes_, capacity_);
    bytes_ = nullptr;
    size_ = capacity_ = 0;
  }
  void swap(ByteBuffer& other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

 private:
  void grow(size_t count) {
    size_t capacity = capacity_ < kFirst ? kFirst : 2 * capacity_;
    while (capacity - size_ < count) capacity *= 2;
    char* bytes = static_cast<char*>(memory::allocate(capacity));
    if (size_ > 0) std::memcpy(bytes, bytes_, size_);
    if (bytes_ != nullptr) memory::release(bytes_, capacity_);
    bytes_ = bytes;
    capacity_ = capacity;
  }
  static constexpr size_t kFirst = 256;

  char* bytes_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace util
