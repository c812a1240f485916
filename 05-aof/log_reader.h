// SPDX-License-Identifier: MIT
//
// One file of the log, record by record. It asks the file for more when a record's end is not in
// memory, and alone knows the difference between "not here yet" and "will never come". Nothing is
// executed and nothing changed here. Arguments are valid until the next call of next(). One thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "05-aof/log_record.h"
#include "shared/resp/request_parser.h"
#include "shared/util/byte_buffer.h"
#include "shared/util/files.h"

namespace aof {

class LogReader {
 public:
  enum class Status {
    Command,  // arguments() and where it stands
    End,      // the file ended behind a whole record
    Torn,     // … within a record, which begins at offset()
    Damaged,  // at damage(); expected() says what should stand there, found() what does
    Failed,   // the file cannot be read: error()
  };

  // `file` stands at its start; the first `offset` bytes are skipped (a snapshot that the log
  // begins with).
  explicit LogReader(std::unique_ptr<util::File> file, uint64_t offset = 0)
      : file_(std::move(file)), to_skip_(offset), offset_(offset), end_(offset) {}

  Status next();
  resp::Args arguments() const { return arguments_; }
  uint64_t offset() const { return offset_; }  // of the record's first byte in the file
  uint64_t end() const { return end_; }        // behind it
  uint64_t damage() const { return offset_ + record_.damage; }
  std::string_view expected() const { return record_.expected; }
  std::string found() const;
  const std::string& error() const { return error_; }

 private:
  enum class Fill { More, End, Failed };
  Fill fill(size_t at_least);
  Fill read_some(std::span<char> into, size_t& count);
  std::string_view unread() const { return buffer_.view().substr(begin_); }

  std::unique_ptr<util::File> file_;
  uint64_t to_skip_;
  util::ByteBuffer buffer_;
  size_t begin_ = 0;  // of the next record in buffer_
  uint64_t offset_;
  uint64_t end_;
  std::vector<std::string_view> arguments_;
  Record record_;
  std::string error_;
};

}  // namespace aof
