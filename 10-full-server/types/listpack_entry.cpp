// SPDX-License-Identifier: MIT
#include "10-full-server/types/listpack_entry.h"

namespace types {

namespace {

constexpr size_t kShortText = 64, kMediumText = 4096;

// Bytes of a two's complement number that its width cut off come back.
int64_t sign_extend(uint64_t value, int bits) {
  const int unused = 64 - bits;
  return static_cast<int64_t>(value << unused) >> unused;
}

}  // namespace

EntryWriter::EntryWriter(std::string_view text) {
  if (const std::optional<int64_t> number = util::parse_int64(text)) {
    encode(*number);
    return;
  }
  text_ = text;
  const size_t length = text.size();
  if (length < kShortText) {
    head_[0] = static_cast<uint8_t>(0x80 | length);
    finish(1);
  } else if (length < kMediumText) {
    head_[0] = static_cast<uint8_t>(0xe0 | length >> 8);
    head_[1] = static_cast<uint8_t>(length);
    finish(2);
  } else {
    head_[0] = 0xf0;
    for (size_t i = 0; i < 4; ++i) head_[i + 1] = static_cast<uint8_t>(length >> 8 * i);
    finish(5);
  }
}

void EntryWriter::encode(int64_t number) {
  if (number >= 0 && number <= 127) {
    head_[0] = static_cast<uint8_t>(number);
    return finish(1);
  }
  if (number >= -4096 && number <= 4095) {
    head_[0] = static_cast<uint8_t>(0xc0 | (number >> 8 & 0x1f));
    head_[1] = static_cast<uint8_t>(number);
    return finish(2);
  }
  size_t bytes = 8;
  head_[0] = 0xf4;
  if (number == sign_extend(static_cast<uint64_t>(number), 16)) {
    bytes = 2, head_[0] = 0xf1;
  } else if (number == sign_extend(static_cast<uint64_t>(number), 24)) {
    bytes = 3, head_[0] = 0xf2;
  } else if (number == sign_extend(static_cast<uint64_t>(number), 32)) {
    bytes = 4, head_[0] = 0xf3;
  }
  for (size_t i = 0; i < bytes; ++i) head_[i + 1] = static_cast<uint8_t>(number >> 8 * i);
  finish(bytes + 1);
}

void EntryWriter::finish(size_t head_size) {
  head_size_ = static_cast<uint8_t>(head_size);
  const size_t body = head_size + text_.size();
  size_ = body + backlen_size(body);
}

void EntryWriter::write(uint8_t* out) const {
  out[0] = head_[0];
  if (head_size_ > 1) std::memcpy(out + 1, head_ + 1, head_size_ - 1U);
  if (!text_.empty()) std::memcpy(out + head_size_, text_.data(), text_.size());
  uint64_t body = head_size_ + text_.size();
  uint8_t* const field = out + body;
  if (body <= 127) [[likely]] {
    *field = static_cast<uint8_t>(body);
    return;
  }
  for (uint8_t* at = out + size_ - 1; at >= field; --at, body >>= 7) {
    *at = static_cast<uint8_t>((body & 0x7f) | (at > field ? 0x80 : 0));
  }
}

PackedValue entry_value(const uint8_t* at) {
  const auto text = [at](size_t head, size_t length) {
    return PackedValue(std::string_view(reinterpret_cast<const char*>(at) + head, length));
  };
  const uint8_t first = at[0];
  if (first < 0x80) return PackedValue(int64_t{first});
  if (first < 0xc0) return text(1, first & 0x3f);
  if (first < 0xe0) return PackedValue(sign_extend(uint64_t{first & 0x1fU} << 8 | at[1], 13));
  if (first < 0xf0) return text(2, entry_body_size(at) - 2);
  if (first == 0xf0) return text(5, entry_body_size(at) - 5);
  const size_t bytes = entry_body_size(at) - 1;
  return PackedValue(sign_extend(read_little_endian(at + 1, bytes), static_cast<int>(8 * bytes)));
}

size_t checked_entry_size(const uint8_t* at, size_t room) {
  if (room == 0) return 0;
  const size_t head = at[0] == 0xf0 ? 5 : at[0] >= 0xe0 && at[0] < 0xf0 ? 2 : 1;
  if (room < head) return 0;
  const uint64_t body = entry_body_size(at);
  if (body == 0 || body + backlen_size(body) > room) return 0;
  const size_t size = body + backlen_size(body);
  uint64_t said = 0;
  int shift = 0;
  for (const uint8_t* field = at + size - 1;; --field, shift += 7) {
    if (shift > 28) return 0;
    said |= uint64_t{*field & 0x7fU} << shift;
    if ((*field & 0x80) == 0) break;
    if (field == at) return 0;
  }
  return said == body ? size : 0;
}

}  // namespace types
