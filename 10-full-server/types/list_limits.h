// SPDX-License-Identifier: MIT
//
// How much one listpack or one chunk of a list may hold: list-max-listpack-size, read as Redis
// reads it. -1 to -5 are bytes (4 KB to 64 KB), other numbers are elements, of together at most 8
// KB.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace types {

struct ListSettings {
  int max_listpack_size = -2;
  // Elements of at least so many bytes get a chunk of their own, unpacked (DEBUG
  // QUICKLIST-PACKED-THRESHOLD).
  size_t packed_threshold = size_t{1} << 30;
};

// What the server is configured to. Written and read by the thread that owns the keyspace.
inline ListSettings list_settings;

class ListLimit {
 public:
  explicit ListLimit(int setting) {
    if (setting >= 0) {
      count_ = static_cast<size_t>(std::max(setting, 1));
    } else {
      bytes_ = size_t{4096} << (std::min(-static_cast<int64_t>(setting), int64_t{5}) - 1);
    }
  }

  bool exceeded(size_t bytes, size_t count) const {
    if (bytes_ != kNone) return bytes > bytes_;
    return bytes > kSafeBytes || count > count_;
  }
  // Whether a chunk is small enough to become a listpack; with `half`, only then when it will not
  // soon have to be turned back.
  bool small(size_t bytes, size_t count, bool half) const {
    const size_t part = half ? 2 : 1;
    return bytes <= bytes_ / part && count <= count_ / part;
  }
  // Bytes of memory beyond which a chunk is not made larger in advance.
  size_t chunk_bytes() const { return bytes_ == kNone ? kSafeBytes : bytes_; }

 private:
  static constexpr size_t kNone = SIZE_MAX;
  static constexpr size_t kSafeBytes = 8192;

  size_t bytes_ = kNone;
  size_t count_ = kNone;
};

}  // namespace types
