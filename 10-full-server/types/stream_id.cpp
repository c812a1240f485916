// SPDX-License-Identifier: MIT
#include "10-full-server/types/stream_id.h"

namespace types {

std::optional<StreamId> StreamId::next() const {
  if (seq != UINT64_MAX) return StreamId{ms, seq + 1};
  if (ms != UINT64_MAX) return StreamId{ms + 1, 0};
  return std::nullopt;
}

std::optional<StreamId> StreamId::previous() const {
  if (seq != 0) return StreamId{ms, seq - 1};
  if (ms != 0) return StreamId{ms - 1, UINT64_MAX};
  return std::nullopt;
}

namespace {

constexpr size_t kLongestText = 127;  // Redis copies what it parses into 128 bytes

void write_big_endian(uint64_t value, char* out) {
  for (int i = 0; i < 8; ++i) out[i] = static_cast<char>(value >> (56 - 8 * i));
}

uint64_t read_big_endian(const char* bytes) {
  uint64_t value = 0;
  for (int i = 0; i < 8; ++i) value = value << 8 | static_cast<uint8_t>(bytes[i]);
  return value;
}

// Redis' string2ull(): what is not a canonical number is left to strtoull(), which allows spaces,
// a sign and zeros before it.
std::optional<uint64_t> parse_number(std::string_view text) {
  if (const std::optional<uint64_t> number = util::parse_uint64(text)) return number;
  if (util::parse_int64(text)) return std::nullopt;  // negative
  const size_t start = text.find_first_not_of(" \t\n\v\f\r");
  if (start == std::string_view::npos) return std::nullopt;
  text.remove_prefix(start);
  const bool negative = text[0] == '-';
  if (negative || text[0] == '+') text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  uint64_t value = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9') return std::nullopt;
    if (__builtin_mul_overflow(value, uint64_t{10}, &value) ||
        __builtin_add_overflow(value, static_cast<uint64_t>(digit - '0'), &value)) {
      return std::nullopt;
    }
  }
  return negative ? 0 - value : value;
}

}  // namespace

void StreamId::write(char* out) const {
  write_big_endian(ms, out);
  write_big_endian(seq, out + 8);
}

StreamId StreamId::read(const char* bytes) {
  return {read_big_endian(bytes), read_big_endian(bytes + 8)};
}

StreamIdText::StreamIdText(StreamId id, char separator) {
  length_ = util::format_uint64(id.ms, digits_);
  digits_[length_++] = separator;
  length_ += util::format_uint64(id.seq, digits_ + length_);
}

std::optional<StreamId> parse_stream_id(std::string_view text, uint64_t missing_seq) {
  if (text.size() > kLongestText) return std::nullopt;
  const size_t dash = text.find('-');
  const auto ms = parse_number(text.substr(0, dash));
  if (!ms) return std::nullopt;
  if (dash == std::string_view::npos) return StreamId{*ms, missing_seq};
  const auto seq = parse_number(text.substr(dash + 1));
  if (!seq) return std::nullopt;
  return StreamId{*ms, *seq};
}

std::optional<StreamId> parse_stream_bound(std::string_view text, uint64_t missing_seq) {
  if (text == "-") return kFirstStreamId;
  if (text == "+") return kLastStreamId;
  return parse_stream_id(text, missing_seq);
}

std::optional<NewStreamId> parse_new_stream_id(std::string_view text) {
  const bool any_sequence = text.ends_with("-*") && text.find('-') == text.size() - 2;
  if (any_sequence) text.remove_suffix(2);
  const auto id = parse_stream_id(text, 0);
  if (!id) return std::nullopt;
  return NewStreamId{*id, any_sequence};
}

}  // namespace types
