// SPDX-License-Identifier: MIT
#include "06-rdb/encoder.h"

#include "06-rdb/rdb_format.h"
#include "shared/util/crc64.h"
#include "shared/util/lzf.h"
#include "shared/util/numbers.h"
#include "shared/util/todo.h"

namespace rdb {

void Encoder::little_endian(uint64_t value, size_t bytes) {
  char* at = buffer_.reserve(bytes);
  for (size_t i = 0; i < bytes; ++i) at[i] = static_cast<char>(value >> (8 * i));
  buffer_.commit(bytes);
}

void Encoder::big_endian(uint64_t value, size_t bytes) {
  char* at = buffer_.reserve(bytes);
  for (size_t i = 0; i < bytes; ++i) at[i] = static_cast<char>(value >> (8 * (bytes - 1 - i)));
  buffer_.commit(bytes);
}

void Encoder::raw(std::string_view bytes) {
  buffer_.append(bytes);
  flush_when_full();
}

void Encoder::fixed64(uint64_t value) { little_endian(value, 8); }

void Encoder::length(uint64_t value) {
  // [06.1a begin] the shortest of four forms
  if (value < 1U << 6) {
    byte(static_cast<uint8_t>(value));
  } else if (value < 1U << 14) {
    big_endian(kForm14Bits << 8 | value, 2);
  } else if (value <= UINT32_MAX) {
    byte(kForm32Bits);
    big_endian(value, 4);
  } else {
    byte(kForm64Bits);
    big_endian(value, 8);
  }
  // [06.1a end]
}

// The number in one, two or four bytes; false when it needs more.
bool Encoder::small_integer(int64_t value) {
  const auto bits = static_cast<uint64_t>(value);
  if (value == static_cast<int8_t>(value)) {
    byte(kFormInt8);
    little_endian(bits, 1);
  } else if (value == static_cast<int16_t>(value)) {
    byte(kFormInt16);
    little_endian(bits, 2);
  } else if (value == static_cast<int32_t>(value)) {
    byte(kFormInt32);
    little_endian(bits, 4);
  } else {
    return false;
  }
  return true;
}

// False, and nothing is written, when compressing would not save four bytes.
bool Encoder::packed_string(std::string_view text) {
  constexpr size_t kHeader = 32;  // room for the form and two lengths in front of the packed bytes
  const size_t limit = text.size() - 4;
  char* room = buffer_.reserve(kHeader + limit);
  const size_t packed = util::lzf_compress(text, {room + kHeader, limit});
  if (packed == 0) return false;
  const size_t start = buffer_.size();
  byte(kFormLzf);
  length(packed);
  length(text.size());
  const size_t header = buffer_.size() - start;
  std::memmove(room + header, room + kHeader, packed);
  buffer_.commit(packed);
  return true;
}

// Plain: its length and its bytes.
void Encoder::plain_string(std::string_view text) {
  length(text.size());
  if (text.size() < kFlushAt || sink_ == nullptr) return buffer_.append(text);
  // A large one goes out from where it lies: a child that saves has no memory to spare.
  (void)flush();
  if (options_.checksum) crc_ = util::crc64(crc_, text);
  if (status_) status_ = sink_->write(text);
  written_ += text.size();
}

void Encoder::string(std::string_view text) {
  // [06.2b begin] a number, compressed, or plain: the first that is possible
  //stub: plain_string(text);  // TODO 06.2: numbers as numbers, long texts compressed
  const bool short_enough = text.size() <= kLongestIntegerText;
  const auto number = short_enough ? util::parse_int64(text) : std::nullopt;
  const bool is_number = number && small_integer(*number);
  const bool compressible = options_.compress && text.size() >= kShortestPacked;
  if (!is_number && !(compressible && packed_string(text))) plain_string(text);
  // [06.2b end]
  flush_when_full();
}

void Encoder::integer_string(int64_t value) {
  if (small_integer(value)) return;
  char digits[util::kMaxInt64Digits];
  const size_t count = util::format_int64(value, digits);
  length(count);
  raw({digits, count});
}

void Encoder::sum() {
  if (options_.checksum) crc_ = util::crc64(crc_, buffer_.view().substr(summed_));
  summed_ = buffer_.size();
}

uint64_t Encoder::checksum() {
  sum();
  return options_.checksum ? crc_ : 0;
}

util::Result<> Encoder::flush() {
  sum();
  if (sink_ == nullptr) return status_;
  if (status_) status_ = sink_->write(buffer_.view());
  written_ += buffer_.size();
  if (buffer_.capacity() > kKeep) {
    buffer_.release();
  } else {
    buffer_.clear();
  }
  summed_ = 0;
  return status_;
}

}  // namespace rdb
