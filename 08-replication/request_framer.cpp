// SPDX-License-Identifier: MIT
#include "08-replication/request_framer.h"

#include "shared/util/numbers.h"

namespace replication {

constexpr int64_t kMostArguments = INT32_MAX;
constexpr int64_t kLongestArgument = int64_t{1} << 40;
constexpr size_t kLongestNumberLine = 32;
constexpr size_t kLongestLine = 64 * 1024;

RequestFramer::Status RequestFramer::read_number(std::string_view bytes, char mark,
                                                 int64_t& number) {
  const size_t line_end = bytes.find('\n', position_);
  if (line_end == std::string_view::npos) {
    return bytes.size() - position_ > kLongestNumberLine ? Status::Broken : Status::More;
  }
  const std::string_view line = bytes.substr(position_, line_end - position_);
  if (line.size() < 3 || line.front() != mark || line.back() != '\r') return Status::Broken;
  const auto value = util::parse_int64(line.substr(1, line.size() - 2));
  if (!value) return Status::Broken;
  number = *value;
  position_ = line_end + 1;
  return Status::Complete;
}

RequestFramer::Status RequestFramer::find_end(std::string_view bytes) {
  if (position_ >= bytes.size()) return Status::More;
  if (arguments_ < 0) {
    if (bytes.front() != '*') {  // a line: the position stays at its start until all of it is there
      const size_t line_end = bytes.find('\n');
      if (line_end == std::string_view::npos)
        return bytes.size() > kLongestLine ? Status::Broken : Status::More;
      end_ = line_end + 1;
      return Status::Complete;
    }
    if (const Status status = read_number(bytes, '*', arguments_); status != Status::Complete)
      return status;
    if (arguments_ > kMostArguments) return Status::Broken;
  }
  for (; arguments_ > 0; --arguments_) {
    if (position_ >= bytes.size()) return Status::More;
    const size_t before = position_;
    int64_t length = 0;
    if (const Status status = read_number(bytes, '$', length); status != Status::Complete)
      return status;
    if (length < 0 || length > kLongestArgument) return Status::Broken;
    if (bytes.size() - position_ < static_cast<size_t>(length) + 2) {
      position_ = before;
      return Status::More;
    }
    position_ += static_cast<size_t>(length) + 2;
  }
  end_ = position_;
  position_ = 0;
  arguments_ = -1;
  return Status::Complete;
}

}  // namespace replication
