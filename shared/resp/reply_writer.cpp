// SPDX-License-Identifier: MIT
#include "shared/resp/reply_writer.h"

#include <algorithm>
#include <cstring>

#include "shared/util/numbers.h"
#include "shared/util/todo.h"

namespace resp {

namespace {

// mark, decimal, \r\n: the first line of nearly every reply. Returns its length, at most 24.
inline size_t write_line(char* out, char mark, int64_t value) {
  out[0] = mark;
  size_t length = 1;
  if (value >= 0 && value < 100) {  // without a call: most lengths are that short
    if (value >= 10) out[length++] = static_cast<char>('0' + value / 10);
    out[length++] = static_cast<char>('0' + value % 10);
  } else {
    length += util::format_int64(value, out + length);
  }
  out[length++] = '\r';
  out[length++] = '\n';
  return length;
}

}  // namespace

void ReplyWriter::header(char mark, size_t count) {
  out_->commit(write_line(out_->reserve(24), mark, static_cast<int64_t>(count)));
}

void ReplyWriter::integer(int64_t value) {
  out_->commit(write_line(out_->reserve(24), ':', value));
}

void ReplyWriter::simple(std::string_view text) {
  out_->append("+");
  out_->append(text);
  out_->append("\r\n");
}

void ReplyWriter::error(std::string_view text) {
  ++errors_;
  if (listener_ != nullptr) listener_->on_error(text);
  out_->append("-");
  while (!text.empty() && (text.back() == '\r' || text.back() == '\n')) text.remove_suffix(1);
  while (!text.empty()) {
    const size_t line = std::min(text.find_first_of("\r\n"), text.size());
    out_->append(text.substr(0, line));
    if (line < text.size()) out_->append(" ");
    text.remove_prefix(std::min(line + 1, text.size()));
  }
  out_->append("\r\n");
}

void ReplyWriter::boolean(bool value) {
  if (protocol_ >= 3) {
    out_->append(value ? "#t\r\n" : "#f\r\n");
  } else {
    integer(value ? 1 : 0);
  }
}

void ReplyWriter::number(double value) {
  char text[util::kMaxDoubleText];
  const std::string_view digits(text, util::format_double(value, text));
  if (protocol_ < 3) return bulk(digits);
  out_->append(",");
  out_->append(digits);
  out_->append("\r\n");
}

void ReplyWriter::big_number(std::string_view digits) {
  if (protocol_ < 3) return bulk(digits);
  out_->append("(");
  out_->append(digits);
  out_->append("\r\n");
}

void ReplyWriter::null() { out_->append(protocol_ >= 3 ? "_\r\n" : "$-1\r\n"); }

void ReplyWriter::null_array() { out_->append(protocol_ >= 3 ? "_\r\n" : "*-1\r\n"); }

#if WORKSHOP_FAST_PATHS
// A short bulk in one piece: one look for room instead of three.
static bool bulk_in_place(OutputBuffer& out, std::string_view text) {
  if (text.size() > OutputBuffer::kMaxReserve - 32) [[unlikely]]
    return false;
  char* to = out.reserve(text.size() + 26);
  const size_t line = write_line(to, '$', static_cast<int64_t>(text.size()));
  text.copy(to + line, text.size());
  std::memcpy(to + line + text.size(), "\r\n", 2);
  out.commit(line + text.size() + 2);
  return true;
}
#endif

// `$5\r\nhello\r\n`
void ReplyWriter::bulk(std::string_view text) {
#if WORKSHOP_FAST_PATHS
  if (bulk_in_place(*out_, text)) return;
#endif
  // [02.2d begin] length, bytes, line end
  header('$', text.size());
  out_->append(text);
  out_->append("\r\n");
  // [02.2d end]
}

void ReplyWriter::bulk(const util::Blob& blob) {
  header('$', blob.size());
  out_->append_shared(blob);
  out_->append("\r\n");
}

void ReplyWriter::bulk_integer(int64_t value) {
  char digits[util::kMaxInt64Digits];
  bulk(std::string_view(digits, util::format_int64(value, digits)));
}

void ReplyWriter::verbatim(std::string_view format, std::string_view text) {
  if (protocol_ < 3) return bulk(text);
  header('=', text.size() + 4);
  out_->append(format);
  out_->append(":");
  out_->append(text);
  out_->append("\r\n");
}

void ReplyWriter::Deferred::close(size_t count) {
  char line[OutputBuffer::kHoleSize];
  out_->fill(hole_, {line, write_line(line, mark_, static_cast<int64_t>(count * factor_))});
}

}  // namespace resp
