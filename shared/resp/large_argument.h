// SPDX-License-Identifier: MIT
//
// An argument of 32 KB or more is received straight into its final place, so that SET of a megabyte
// copies nothing. The blob grows with what has arrived, at most doubling: a promise of 512 MB
// reserves 64 KB.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "shared/util/blob.h"

namespace resp {

inline constexpr size_t kLargeArgument = 32 * 1024;

class LargeArgument {
 public:
  bool active() const { return active_; }
  bool complete() const { return active_ && filled_ == length_ + 2; }

  // `length` bytes and \r\n are to come, of which `arrived` are here.
  void begin(size_t length, std::string_view arrived);
  std::span<char> window();  // empty when complete
  void filled(size_t count) { filled_ += count; }
  util::Blob finish();  // REQUIRES: complete()
  size_t filled_size() const { return active_ ? filled_ : 0; }
  std::string_view text() const {
    return active_ ? std::string_view(blob_.view().data(), filled_) : std::string_view{};
  }
  size_t memory_size() const { return blob_.memory_size(); }

 private:
  bool active_ = false;
  size_t length_ = 0;
  size_t filled_ = 0;  // of length_ + 2
  util::Blob blob_;
};

}  // namespace resp
