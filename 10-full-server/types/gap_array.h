// SPDX-License-Identifier: MIT
//
// A vector with free places at both ends, for small items that may be copied byte by byte:
//
//   | free … | item | item | … | item | free … |
//            first_              first_ + size_  capacity_
//
// Inserting and erasing move the shorter side, so both ends are cheap, in amortised constant time.
// Owns the places, not what items point to. Any change invalidates pointers. One thread.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstring>
#include <type_traits>

#include "shared/util/memory.h"

namespace types {

template <class T>
requires std::is_trivially_copyable_v<T>
class GapArray {
 public:
  GapArray() = default;
  GapArray(const GapArray&) = delete;
  GapArray& operator=(const GapArray&) = delete;
  ~GapArray() {
    if (items_ != nullptr) memory::release(items_, capacity_ * sizeof(T));
  }

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T& operator[](size_t index) { return items_[first_ + index]; }
  const T& operator[](size_t index) const { return items_[first_ + index]; }
  T* begin() { return items_ + first_; }
  T* end() { return begin() + size_; }
  const T* begin() const { return items_ + first_; }
  const T* end() const { return begin() + size_; }
  T& front() { return *begin(); }
  T& back() { return end()[-1]; }
  size_t memory_size() const {
    return items_ == nullptr ? 0 : memory::good_size(capacity_ * sizeof(T));
  }

  void insert(size_t index, T item) {
    assert(index <= size_);
    const bool forwards = index < size_ - index;  // the items before it are fewer
    if (forwards ? first_ == 0 : first_ + size_ == capacity_) make_room(forwards);
    if (forwards) {
      move(first_, first_ - 1, index);
      --first_;
    } else {
      move(first_ + index, first_ + index + 1, size_ - index);
    }
    ++size_;
    (*this)[index] = item;
  }

  void erase(size_t index, size_t count = 1) {
    assert(index + count <= size_);
    const size_t behind = size_ - index - count;
    if (index < behind) {
      move(first_, first_ + count, index);
      first_ += count;
    } else {
      move(first_ + index + count, first_ + index, behind);
    }
    size_ -= count;
  }

 private:
  static constexpr size_t kFirstCapacity = 4;

  void move(size_t from, size_t to, size_t count) {
    if (count > 0) std::memmove(items_ + to, items_ + from, count * sizeof(T));
  }

  // Half-empty, the items slide towards the other end; fuller, they move to twice the places, or, where that would be
  // many, to half as many more.
  void make_room(bool in_front) {
    const size_t wanted = std::max(kFirstCapacity, size_ < 1024 ? 2 * size_ : size_ + size_ / 2);
    const size_t capacity = 2 * (size_ + 1) <= capacity_ ? capacity_ : wanted;
    const size_t free = capacity - size_;
    // What was pushed at one end so far will be; the other gets a quarter.
    const size_t first = in_front ? free - free / 4 : free / 4;
    if (capacity == capacity_) {
      move(first_, first, size_);
    } else {
      T* const fresh = static_cast<T*>(memory::allocate(capacity * sizeof(T)));
      if (size_ > 0) std::memcpy(fresh + first, begin(), size_ * sizeof(T));
      if (items_ != nullptr) memory::release(items_, capacity_ * sizeof(T));
      items_ = fresh;
      capacity_ = capacity;
    }
    first_ = first;
  }

  T* items_ = nullptr;
  size_t first_ = 0;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace types
