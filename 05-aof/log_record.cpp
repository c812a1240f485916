// SPDX-License-Identifier: MIT
#include "05-aof/log_record.h"

#include <cstdint>

namespace aof {

namespace {

constexpr uint64_t kMaxArguments = 1024 * 1024 * 1024;
constexpr uint64_t kMaxArgument = uint64_t{512} * 1024 * 1024 * 1024;
constexpr size_t kMaxAnnotation = 1024;

// A place in the input, and what went wrong there.
struct Cursor {
  std::string_view input;
  size_t at = 0;
  Record outcome = {};

  bool incomplete(size_t needed) {
    outcome = {.state = Record::State::Incomplete, .length = needed};
    return false;
  }
  bool damaged(std::string_view expected) {
    outcome = {.state = Record::State::Damaged, .damage = at, .expected = expected};
    return false;
  }
};

// The next byte must be this one.
bool expect(Cursor& cursor, char byte, std::string_view name) {
  if (cursor.at == cursor.input.size()) return cursor.incomplete(cursor.at + 1);
  if (cursor.input[cursor.at] != byte) return cursor.damaged(name);
  ++cursor.at;
  return true;
}

bool expect_line_end(Cursor& cursor) {
  return expect(cursor, '\r', "a line end (\\r\\n)") && expect(cursor, '\n', "a line end (\\r\\n)");
}

// `mark` digits \r\n
bool read_number(Cursor& cursor, char mark, std::string_view name, uint64_t most,
                 uint64_t& number) {
  if (!expect(cursor, mark, name)) return false;
  const size_t first = cursor.at;
  for (number = 0; cursor.at < cursor.input.size(); ++cursor.at) {
    const unsigned digit = static_cast<unsigned>(cursor.input[cursor.at] - '0');
    if (digit > 9) break;
    number = number * 10 + digit;
    if (number > most) return cursor.damaged("a smaller number");
  }
  if (cursor.at == cursor.input.size()) return cursor.incomplete(cursor.at + 1);
  if (cursor.at == first) return cursor.damaged("a digit");
  return expect_line_end(cursor);
}

bool read_argument(Cursor& cursor, std::vector<std::string_view>& arguments) {
  uint64_t length = 0;
  if (!read_number(cursor, '$', "'$'", kMaxArgument, length)) return false;
  if (cursor.input.size() - cursor.at < length + 2) {
    // What is there of the line end behind it may already be wrong, but that it is not whole is
    // certain.
    return cursor.incomplete(cursor.at + length + 2);
  }
  arguments.push_back(cursor.input.substr(cursor.at, length));
  cursor.at += length;
  return expect_line_end(cursor);
}

bool skip_annotation(Cursor& cursor) {
  const size_t end = cursor.input.substr(0, kMaxAnnotation).find('\n');
  if (end == std::string_view::npos) {
    return cursor.input.size() < kMaxAnnotation ? cursor.incomplete(cursor.input.size() + 1)
                                                : cursor.damaged("a shorter annotation line");
  }
  cursor.at = end + 1;
  return true;
}

bool read_command(Cursor& cursor, std::vector<std::string_view>& arguments) {
  uint64_t count = 0;
  if (!read_number(cursor, '*', "'*'", kMaxArguments, count)) return false;
  if (count == 0) {
    cursor.at = 1;
    return cursor.damaged("at least one argument");
  }
  for (uint64_t i = 0; i < count; ++i) {
    if (!read_argument(cursor, arguments)) return false;
  }
  return true;
}

}  // namespace

Record read_record(std::string_view input, std::vector<std::string_view>& arguments) {
  Cursor cursor{.input = input};
  const bool read = input[0] == '#' ? skip_annotation(cursor) : read_command(cursor, arguments);
  if (read) cursor.outcome = {.state = Record::State::Complete, .length = cursor.at};
  return cursor.outcome;
}

}  // namespace aof
