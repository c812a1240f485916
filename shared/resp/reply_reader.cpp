// SPDX-License-Identifier: MIT
//
// The reader is a stack of open aggregates over one growing buffer. Each step reads one line or one
// bulk body; a finished value closes as many aggregates as it completes. Nothing is undone when
// bytes run out.
#include "shared/resp/reply_reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <locale>
#include <sstream>
#include <utility>

namespace resp {
namespace {

constexpr std::size_t kCompactAt = 64 * 1024;

bool parse_integer(std::string_view text, std::int64_t& value) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

bool parse_double(std::string_view text, double& value) {
  if (text == "inf" || text == "+inf") {
    value = std::numeric_limits<double>::infinity();
    return true;
  }
  if (text == "-inf") {
    value = -std::numeric_limits<double>::infinity();
    return true;
  }
  if (text == "nan" || text == "-nan") {
    value = std::numeric_limits<double>::quiet_NaN();
    return true;
  }
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  // A first digit is required: from_chars would take "infinity" and "nan(x)".
  const std::size_t digit = !text.empty() && text.front() == '-' ? 1 : 0;
  if (digit >= text.size() || (text[digit] != '.' && (text[digit] < '0' || text[digit] > '9')))
    return false;
#if defined(__cpp_lib_to_chars)
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error != std::errc::invalid_argument && end == text.data() + text.size();
#else
  std::istringstream in{std::string(text)};
  in.imbue(std::locale::classic());
  return (in >> value) && in.peek() == std::istringstream::traits_type::eof();
#endif
}

bool all_digits(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string quoted(std::string_view bytes) {
  constexpr std::size_t kShown = 32;
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "'";
  for (const char c : bytes.substr(0, kShown)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f) {
      out += c;
    } else {
      out += "\\x";
      out += kHex[byte >> 4U];
      out += kHex[byte & 15U];
    }
  }
  return out + (bytes.size() > kShown ? "…'" : "'");
}

ReplyType bulk_reply_type(char type) {
  if (type == '!') return ReplyType::BlobError;
  return type == '=' ? ReplyType::Verbatim : ReplyType::Bulk;
}

ReplyType aggregate_reply_type(char type) {
  switch (type) {
    case '%':
    case '|':
      return ReplyType::Map;
    case '~':
      return ReplyType::Set;
    case '>':
      return ReplyType::Push;
    default:
      return ReplyType::Array;
  }
}

}  // namespace

void ReplyReader::feed(std::string_view bytes) {
  compact();
  buffer_.append(bytes);
}

std::string_view ReplyReader::unread() const { return std::string_view(buffer_).substr(start_); }

std::string_view ReplyReader::last_reply() const {
  return std::string_view(buffer_).substr(last_, start_ - last_);
}

void ReplyReader::skip(std::size_t n) {
  start_ += n;
  last_ = start_;
  at_ = scanned_ = start_;
  consumed_ += n;
  nodes_ = 0;
  in_bulk_ = false;
  stack_.clear();
  attributes_.clear();
  error_.clear();
}

ReadStatus ReplyReader::next(Reply& out) {
  if (!error_.empty()) return ReadStatus::Error;
  while (true) {
    Reply value;
    switch (in_bulk_ ? read_bulk_body(value) : read_value(value)) {
      case Step::More:
        return ReadStatus::NeedMore;
      case Step::Bad:
        return ReadStatus::Error;
      case Step::Opened:
        continue;
      case Step::Value:
        break;
    }
    if (!close_frames(value)) continue;
    out = std::move(value);
    consumed_ += at_ - start_;
    last_ = start_;
    start_ = at_;
    nodes_ = 0;
    return ReadStatus::Ready;
  }
}

// Puts `value` where it belongs; true when it is a whole top-level reply.
bool ReplyReader::close_frames(Reply& value) {
  while (!stack_.empty()) {
    Frame& frame = stack_.back();
    frame.reply.elements.push_back(std::move(value));
    if (--frame.missing != 0) return false;
    const bool attribute = frame.attribute;
    value = std::move(frame.reply);
    stack_.pop_back();
    if (attribute) {
      attributes_ = std::move(value.elements);
      return false;
    }
  }
  return true;
}

bool ReplyReader::take_line(std::string_view& line) {
  const std::size_t from = std::max(at_, scanned_);
  const std::size_t end = buffer_.find("\r\n", from);
  if (end == std::string::npos) {
    // A lone CR at the end may be the first half of the CRLF.
    scanned_ = buffer_.empty() || buffer_.back() != '\r' ? buffer_.size() : buffer_.size() - 1;
    return false;
  }
  line = std::string_view(buffer_).substr(at_, end - at_);
  at_ = scanned_ = end + 2;
  return true;
}

ReplyReader::Step ReplyReader::read_value(Reply& value) {
  if (at_ == buffer_.size()) return Step::More;
  const char type = buffer_[at_];
  if (std::string_view("+-:$*_,#(!=%~>|").find(type) == std::string_view::npos) {
    return fail("a reply can't begin with", std::string_view(buffer_).substr(at_, 1));
  }
  std::string_view line;
  if (!take_line(line)) {
    if (buffer_.size() - at_ > limits_.line_bytes) return fail("the line is too long", {});
    return Step::More;
  }
  if (line.size() > limits_.line_bytes) return fail("the line is too long", {});
  if (++nodes_ > limits_.elements) return fail("the reply has too many elements", {});
  line.remove_prefix(1);
  Step step = Step::Bad;
  if (type == '$' || type == '!' || type == '=') {
    step = read_bulk_header(type, line, value);
  } else if (type == '*' || type == '%' || type == '~' || type == '>' || type == '|') {
    step = open_aggregate(type, line, value);
  } else {
    step = read_line_value(type, line, value);
  }
  if (step == Step::Value) value.attributes = std::exchange(attributes_, {});
  return step;
}

ReplyReader::Step ReplyReader::read_line_value(char type, std::string_view line, Reply& value) {
  value.text = line;
  switch (type) {
    case '+':
      value.type = ReplyType::Simple;
      return Step::Value;
    case '-':
      value.type = ReplyType::Error;
      return Step::Value;
    case ':':
      value.type = ReplyType::Integer;
      return parse_integer(line, value.integer) ? Step::Value : fail("not an integer:", line);
    case ',':
      value.type = ReplyType::Double;
      return parse_double(line, value.number) ? Step::Value : fail("not a double:", line);
    case '(':
      value.type = ReplyType::BigNumber;
      return all_digits(line) ? Step::Value : fail("not a big number:", line);
    case '#':
      value.type = ReplyType::Boolean;
      value.integer = line == "t" ? 1 : 0;
      return line == "t" || line == "f" ? Step::Value : fail("a boolean is t or f, not", line);
    default:
      value.type = ReplyType::Null;
      return line.empty() ? Step::Value : fail("a null has no payload, but here is", line);
  }
}

ReplyReader::Step ReplyReader::read_bulk_header(char type, std::string_view line, Reply& value) {
  std::int64_t length = 0;
  if (!parse_integer(line, length)) return fail("not a bulk length:", line);
  if (length == -1 && type == '$') {
    value.type = ReplyType::NullBulk;
    return Step::Value;
  }
  if (length < 0) return fail("a negative bulk length:", line);
  if (static_cast<std::uint64_t>(length) > limits_.bulk_bytes)
    return fail("the bulk is too long:", line);
  if (type == '=' && length < 4) return fail("a verbatim string is shorter than its format:", line);
  in_bulk_ = true;
  bulk_type_ = type;
  bulk_bytes_ = static_cast<std::size_t>(length);
  return Step::Opened;
}

ReplyReader::Step ReplyReader::read_bulk_body(Reply& value) {
  const std::size_t have = buffer_.size() - at_;
  // A wrong terminator is reported as soon as it arrives.
  if (have > bulk_bytes_ && buffer_[at_ + bulk_bytes_] != '\r') {
    return fail("a bulk must end with CRLF, but here is",
                std::string_view(buffer_).substr(at_ + bulk_bytes_, 2));
  }
  if (have < bulk_bytes_ + 2) return Step::More;
  if (buffer_[at_ + bulk_bytes_ + 1] != '\n') {
    return fail("a bulk must end with CRLF, but here is",
                std::string_view(buffer_).substr(at_ + bulk_bytes_, 2));
  }
  std::string_view body = std::string_view(buffer_).substr(at_, bulk_bytes_);
  value.type = bulk_reply_type(bulk_type_);
  if (bulk_type_ == '=') {
    if (body[3] != ':')
      return fail("a verbatim string needs a colon after its format:", body.substr(0, 4));
    value.format = body.substr(0, 3);
    body.remove_prefix(4);
  }
  value.text = body;
  at_ += bulk_bytes_ + 2;
  scanned_ = at_;
  in_bulk_ = false;
  value.attributes = std::exchange(attributes_, {});
  return Step::Value;
}

ReplyReader::Step ReplyReader::open_aggregate(char type, std::string_view line, Reply& value) {
  std::int64_t count = 0;
  if (!parse_integer(line, count)) return fail("not an element count:", line);
  if (count == -1 && type == '*') {
    value.type = ReplyType::NullArray;
    return Step::Value;
  }
  if (count < 0) return fail("a negative element count:", line);
  if (static_cast<std::uint64_t>(count) > limits_.elements) return fail("too many elements:", line);
  const bool attribute = type == '|';
  value.type = aggregate_reply_type(type);
  if (count == 0) return attribute ? Step::Opened : Step::Value;
  if (stack_.size() >= limits_.depth) return fail("the reply is nested too deeply", {});
  const auto missing = static_cast<std::uint64_t>(count) * (value.type == ReplyType::Map ? 2 : 1);
  value.attributes = attribute ? std::vector<Reply>{} : std::exchange(attributes_, {});
  stack_.push_back({std::move(value), missing, attribute});
  return Step::Opened;
}

ReplyReader::Step ReplyReader::fail(std::string_view what, std::string_view seen) {
  error_ = what;
  if (!seen.empty()) error_.append(1, ' ').append(quoted(seen));
  return Step::Bad;
}

// Drops handed-out bytes once they are worth the move: amortised, each byte is moved at most once.
void ReplyReader::compact() {
  last_ = start_;
  if (start_ != buffer_.size() && (start_ < kCompactAt || start_ < buffer_.size() / 2)) return;
  buffer_.erase(0, start_);
  last_ = 0;
  at_ -= start_;
  scanned_ = scanned_ > start_ ? scanned_ - start_ : 0;
  start_ = 0;
}

}  // namespace resp
