// SPDX-License-Identifier: MIT
//
// Memory that lives until the end of a turn: allocation moves a pointer, reset() forgets everything
// at once. Owned by one thread. Nothing in it is destroyed, so only bytes and trivially
// destructible things belong here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace util {

class Arena {
 public:
  char* allocate(size_t size) {
    size = (size + 7) & ~size_t{7};
    if (size > room_) grow(size);
    char* result = cursor_;
    cursor_ += size;
    room_ -= size;
    return result;
  }

  std::string_view copy(std::string_view text) {
    if (text.empty()) return {"", 0};
    char* bytes = allocate(text.size());
    std::memcpy(bytes, text.data(), text.size());
    return {bytes, text.size()};
  }

  // Keeps the first block if it is of the ordinary size, so that an ordinary turn allocates
  // nothing.
  void reset() {
    if (blocks_.empty()) return;
    blocks_.resize(first_size_ == kBlock ? 1 : 0);
    cursor_ = blocks_.empty() ? nullptr : blocks_[0].get();
    room_ = blocks_.empty() ? 0 : first_size_;
  }

 private:
  static constexpr size_t kBlock = 16 * 1024;

  void grow(size_t size) {
    room_ = size > kBlock ? size : kBlock;
    if (blocks_.empty()) first_size_ = room_;
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(room_));
    cursor_ = blocks_.back().get();
  }

  std::vector<std::unique_ptr<char[]>> blocks_;
  char* cursor_ = nullptr;
  size_t room_ = 0;
  size_t first_size_ = 0;
};

}  // namespace util
