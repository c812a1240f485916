// SPDX-License-Identifier: MIT
//
// One file of the log that grows: bytes are gathered, and written at its end when the owner says
// so. It knows neither when that is nor what the bytes mean. Invariant: the file holds the first
// size() bytes ever appended and nothing else, or the last write has failed and what could not be
// taken back is counted in size(). The loop thread's alone; the file itself may be synced elsewhere
// meanwhile.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "shared/util/byte_buffer.h"
#include "shared/util/files.h"

namespace aof {

class AppendFile {
 public:
  // `file` was opened to append, and holds `size` bytes.
  AppendFile(std::shared_ptr<util::File> file, uint64_t size)
      : file_(std::move(file)), size_(size) {}

  void append(std::string_view bytes) { buffer_.append(bytes); }

  struct Written {
    std::string error;       // empty: all of it was written
    bool cut_short = false;  // some bytes could be written, and were taken back
    size_t expected = 0;
    size_t count = 0;
    std::string not_taken_back;  // why the bytes of a short write had to stay
  };
  // Everything gathered, in one write. What could not be written stays gathered.
  Written write_out();

  uint64_t size() const { return size_; }                  // in the file
  uint64_t end() const { return size_ + buffer_.size(); }  // … and gathered
  size_t buffered() const { return buffer_.size(); }
  std::string_view gathered() const { return buffer_.view(); }
  const std::shared_ptr<util::File>& file() const { return file_; }

 private:
  std::shared_ptr<util::File> file_;
  uint64_t size_;
  util::ByteBuffer buffer_;
};

}  // namespace aof
