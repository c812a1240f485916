// SPDX-License-Identifier: MIT
#include "05-aof/append_file.h"

namespace aof {

// What is kept of the buffer when a large turn has gone through it.
constexpr size_t kKeepCapacity = 256 * 1024;

AppendFile::Written AppendFile::write_out() {
  Written written;
  written.expected = buffer_.size();
  const util::Result<size_t> result = file_->write(buffer_.view());
  if (!result) {
    written.error = result.error();
    return written;
  }
  written.count = result.value();
  if (written.count == buffer_.size()) {
    size_ += written.count;
    buffer_.clear();
    if (buffer_.capacity() > kKeepCapacity) buffer_.release();
    return written;
  }
  // Half a command at the end of the file would hide everything that is written behind it.
  written.error = "No space left on device";
  written.cut_short = true;
  if (const auto cut = file_->truncate(size_); !cut) {
    written.not_taken_back = cut.error();
    size_ += written.count;
    util::ByteBuffer rest;
    rest.append(buffer_.view().substr(written.count));
    buffer_.swap(rest);
  }
  return written;
}

}  // namespace aof
