// SPDX-License-Identifier: MIT
#include "05-aof/log_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "shared/resp/fast_scan.h"
#include "shared/util/todo.h"

namespace aof {

constexpr size_t kReadSize = 256 * 1024;

// The fast path of sockets passes over the line ends behind arguments; here a wrong one is damage, which read_record names.
static size_t scan_strictly(std::string_view input, std::vector<std::string_view>& arguments) {
  const size_t length = resp::fast_scan(input, arguments);
  const bool sound = std::ranges::all_of(arguments, [](std::string_view argument) {
    return std::memcmp(argument.data() + argument.size(), "\r\n", 2) == 0;
  });
  if (sound) return length;
  arguments.clear();
  return 0;
}

LogReader::Status LogReader::next() {
  arguments_.clear();
  for (;;) {
    offset_ = end_;
    if (unread().empty()) {
      const Fill filled = fill(1);
      if (filled != Fill::More) return filled == Fill::End ? Status::End : Status::Failed;
    }
    size_t length = 0;
    if constexpr (WORKSHOP_FAST_PATHS) length = scan_strictly(unread(), arguments_);
    if (length == 0) {
      record_ = read_record(unread(), arguments_);
      length = record_.length;
      // [05.4a begin] damage is said at once; the rest may be whole with more of the file (arguments read anew), or never
      //stub: if (record_.state != Record::State::Complete) todo("05.4");
      if (record_.state == Record::State::Damaged) return Status::Damaged;
      if (record_.state == Record::State::Incomplete) {
        arguments_.clear();
        const Fill filled = fill(length);
        if (filled == Fill::More) continue;
        return filled == Fill::End ? Status::Torn : Status::Failed;
      }
      // [05.4a end]
    }
    begin_ += length;
    end_ += length;
    if (!arguments_.empty()) return Status::Command;
  }
}

// Until so many bytes are unread, or one read's worth.
LogReader::Fill LogReader::fill(size_t at_least) {
  while (to_skip_ > 0) {
    char skipped[4096];
    size_t count = 0;
    const Fill read =
        read_some(std::span(skipped).first(std::min<uint64_t>(sizeof skipped, to_skip_)), count);
    if (read != Fill::More) return read;
    to_skip_ -= count;
  }
  const size_t kept = unread().size();
  if (kept > 0) std::memmove(buffer_.data(), buffer_.data() + begin_, kept);
  buffer_.truncate(kept);
  begin_ = 0;
  do {
    // A length in the file promises nothing: the buffer grows with what has been read.
    const size_t room = std::max(
        kReadSize, std::min(at_least - std::min(at_least, buffer_.size()), buffer_.size()));
    size_t count = 0;
    const Fill read = read_some({buffer_.reserve(room), room}, count);
    if (read != Fill::More) return read;
    buffer_.commit(count);
  } while (buffer_.size() < at_least);
  return Fill::More;
}

LogReader::Fill LogReader::read_some(std::span<char> into, size_t& count) {
  const util::Result<size_t> read = file_->read(into);
  if (!read) {
    error_ = read.error();
    return Fill::Failed;
  }
  count = read.value();
  return count == 0 ? Fill::End : Fill::More;
}

std::string LogReader::found() const {
  const auto byte = static_cast<unsigned char>(unread()[record_.damage]);
  return byte > ' ' && byte <= '~' ? fmt::format("'{}'", static_cast<char>(byte))
                                   : fmt::format("byte 0x{:02x}", byte);
}

}  // namespace aof
