// SPDX-License-Identifier: MIT
#include "06-rdb/decoder.h"

#include <fmt/format.h>

#include <algorithm>

#include "06-rdb/rdb_format.h"
#include "shared/util/crc64.h"
#include "shared/util/lzf.h"
#include "shared/util/numbers.h"
#include "shared/util/todo.h"

namespace rdb {

Decoder::Decoder(std::string_view bytes) : data_(bytes.data()), size_(bytes.size()) {}

void Decoder::fail(std::string_view reason, uint64_t offset) {
  if (!ok()) return;
  failure_ = fmt::format("{} at byte {}", reason, offset);
  // Nothing more is read: neither what is in the buffer, nor what would come.
  base_ += at_;
  data_ += at_;
  at_ = size_ = summed_ = 0;
  source_ = nullptr;
}

void Decoder::sum() {
  if (checksum_wanted_) crc_ = util::crc64(crc_, {data_ + summed_, at_ - summed_});
  summed_ = at_;
}

uint64_t Decoder::checksum() {
  sum();
  return crc_;
}

// Makes `count` bytes (at most kPiece) lie one behind the other; false, and failed, when the source
// ends before.
bool Decoder::fill(size_t count) {
  if (source_ != nullptr) {
    sum();
    const size_t kept = size_ - at_;
    char* bytes = buffer_.data();
    if (bytes == nullptr) bytes = buffer_.reserve(kPiece);
    if (kept > 0) std::memmove(bytes, data_ + at_, kept);
    base_ += at_;
    data_ = bytes;
    size_ = kept;
    at_ = summed_ = 0;
    while (size_ < count) {
      const auto got = source_->read({bytes + size_, kPiece - size_});
      if (!got) {
        fail(got.error(), base_ + size_);
        return false;
      }
      if (got.value() == 0) break;
      size_ += got.value();
    }
  }
  if (size_ - at_ >= count) return true;
  fail("unexpected end of the file", base_ + size_);
  return false;
}

uint8_t Decoder::byte() {
  if (!have(1)) return 0;
  return static_cast<uint8_t>(data_[at_++]);
}

uint64_t Decoder::fixed(size_t bytes) {
  if (!have(bytes)) return 0;
  uint64_t value = 0;
  for (size_t i = 0; i < bytes; ++i)
    value |= uint64_t{static_cast<uint8_t>(data_[at_ + i])} << (8 * i);
  at_ += bytes;
  return value;
}

uint64_t Decoder::big_endian(size_t bytes) {
  if (!have(bytes)) return 0;
  uint64_t value = 0;
  for (size_t i = 0; i < bytes; ++i) value = value << 8 | static_cast<uint8_t>(data_[at_ + i]);
  at_ += bytes;
  return value;
}

// The length whose first byte has been read.
uint64_t Decoder::length_of(uint8_t first) {
  // [06.1b begin] the same four forms, and nothing else
  if (first < kForm14Bits) return first;
  if (first < kForm32Bits) return (first & 0x3FU) << 8 | byte();
  if (first == kForm32Bits) return big_endian(4);
  if (first == kForm64Bits) return big_endian(8);
  fail(fmt::format("unknown length encoding 0x{:02x}", first), offset() - 1);
  return 0;
  // [06.1b end]
}

uint64_t Decoder::length() { return length_of(byte()); }

std::string_view Decoder::raw(uint64_t count) {
  if (count > kPiece) return long_raw(count);
  if (!have(count)) return {};
  const std::string_view bytes(data_ + at_, count);
  at_ += count;
  return bytes;
}

// Gathered piece by piece: who promises a gigabyte must send it before it is reserved.
std::string_view Decoder::long_raw(uint64_t count) {
  if (source_ == nullptr && ok()) {
    if (size_ - at_ < count) return fill(size_ - at_ + 1), std::string_view{};
    const std::string_view bytes(data_ + at_, count);
    at_ += count;
    return bytes;
  }
  reuse(text_);
  while (ok() && text_.size() < count) {
    if (!have(1)) break;
    const size_t piece = std::min<uint64_t>(size_ - at_, count - text_.size());
    text_.append({data_ + at_, piece});
    at_ += piece;
  }
  return ok() ? text_.view() : std::string_view{};
}

std::string_view Decoder::integer_text(int64_t value) {
  if (!ok()) return {};
  reuse(text_);
  text_.commit(util::format_int64(value, text_.reserve(util::kMaxInt64Digits)));
  return text_.view();
}

std::string_view Decoder::unpacked() {
  const uint64_t start = offset() - 1;
  const uint64_t packed = length();
  const uint64_t size = length();
  if (ok() && size / kMostPerByte > packed) fail("compressed string that promises too much", start);
  const std::string_view bytes = raw(packed);
  if (!ok()) return {};
  reuse(unpacked_);
  if (!util::lzf_decompress(bytes, {unpacked_.reserve(size), size})) {
    fail("damaged compressed string", start);
    return {};
  }
  unpacked_.commit(size);
  return unpacked_.view();
}

std::string_view Decoder::string() {
  const uint8_t first = byte();
  switch (first) {
    case kFormInt8:
      return integer_text(static_cast<int8_t>(fixed(1)));
    case kFormInt16:
      return integer_text(static_cast<int16_t>(fixed(2)));
    case kFormInt32:
      return integer_text(static_cast<int32_t>(fixed(4)));
    case kFormLzf:
      return unpacked();
    default:
      if (first > kFormLzf)
        fail(fmt::format("unknown string encoding 0x{:02x}", first), offset() - 1);
      return raw(length_of(first));
  }
}

}  // namespace rdb
