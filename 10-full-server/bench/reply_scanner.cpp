// SPDX-License-Identifier: MIT
// One counter does for nesting: a header of n elements adds n to what the reply still needs, every
// finished element takes one away, and at zero the reply is complete. No stack, so no depth limit.
#include "10-full-server/bench/reply_scanner.h"

#include <algorithm>
#include <charconv>

namespace bench {
namespace {

constexpr std::size_t kKeptLine = 256;  // longer simple strings are scanned, not kept
constexpr std::int64_t kLargestLength = 1LL << 40;

}  // namespace

std::optional<std::size_t> ReplyScanner::feed(std::string_view bytes) {
  if (raw_reply_size_ != 0) return feed_raw(bytes.size());
  completed_ = 0;
  while (!bytes.empty()) {
    if (body_left_ != 0) {
      const auto skipped =
          static_cast<std::size_t>(std::min<std::uint64_t>(body_left_, bytes.size()));
      bytes.remove_prefix(skipped);
      body_left_ -= skipped;
      if (body_left_ == 0) element_done();
      continue;
    }
    const std::size_t end = bytes.find('\n');
    if (end == std::string_view::npos || !line_.empty()) {
      const std::string_view part = bytes.substr(0, end);
      // The last byte stays outside the limit: it must be the CR.
      line_.append(part.substr(0, kKeptLine - std::min(kKeptLine, line_.size())));
      if (line_.size() == kKeptLine && !part.empty()) line_.back() = part.back();
      if (end == std::string_view::npos) break;
    }
    const std::string_view line = line_.empty() ? bytes.substr(0, end) : std::string_view(line_);
    if (line.size() < 2 || line.back() != '\r') return std::nullopt;
    if (!take_line(line.substr(0, line.size() - 1))) return std::nullopt;
    line_.clear();
    bytes.remove_prefix(end + 1);
  }
  return completed_;
}

std::size_t ReplyScanner::feed_raw(std::size_t size) {
  body_left_ += size;  // here: bytes of the reply that has begun
  const std::size_t completed = static_cast<std::size_t>(body_left_ / raw_reply_size_);
  body_left_ %= raw_reply_size_;
  return completed;
}

bool ReplyScanner::take_line(std::string_view line) {
  const char type = line.front();
  if (outstanding_ == 0) {
    outstanding_ = 1;
    push_ = type == '>';
  }
  switch (type) {
    case '-':
      note_error(line.substr(1));
      element_done();
      return true;
    case '_':
      ++nils_;
      element_done();
      return true;
    case '+':
    case ':':
    case ',':
    case '#':
    case '(':
      element_done();
      return true;
    case '$':
    case '=':
    case '!':
    case '*':
    case '~':
    case '>':
    case '%':
    case '|':
      return take_length(type, line.substr(1));
    default:
      return false;
  }
}

bool ReplyScanner::take_length(char type, std::string_view digits) {
  std::int64_t length = 0;
  const char* const last = digits.data() + digits.size();
  const auto [end, status] = std::from_chars(digits.data(), last, length);
  if (status != std::errc() || end != last || length < -1 || length > kLargestLength) return false;
  if (length == -1) {
    if (type != '$' && type != '*') return false;
    ++nils_;
    element_done();
    return true;
  }
  const auto n = static_cast<std::uint64_t>(length);
  if (type == '$' || type == '=' || type == '!') {
    if (type == '!') note_error("a bulk error");
    body_left_ = n + 2;
    return true;
  }
  outstanding_ += type == '%' || type == '|' ? 2 * n : n;
  if (type != '|') element_done();  // an attribute precedes the element that it describes
  return true;
}

void ReplyScanner::note_error(std::string_view text) {
  if (errors_++ == 0) first_error_ = text.substr(0, kKeptLine);
}

void ReplyScanner::element_done() {
  if (--outstanding_ == 0 && !push_) ++completed_;
}

}  // namespace bench
