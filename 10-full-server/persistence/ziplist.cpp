// SPDX-License-Identifier: MIT
#include "10-full-server/persistence/ziplist.h"

#include <cstdint>

namespace persistence {

namespace {

constexpr size_t kHeaderBytes = 10;
constexpr uint8_t kEnd = 0xff;
constexpr uint8_t kLongLengthBefore = 0xfe;
constexpr uint64_t kUnknownCount = 0xffff;

// Takes bytes from the front; what is not there reads as 0 and is remembered.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  bool ok() const { return ok_; }
  size_t left() const { return rest_.size(); }
  uint8_t peek() const { return static_cast<uint8_t>(rest_.front()); }  // REQUIRES: left() > 0
  void fail() { ok_ = false; }

  std::string_view take(uint64_t count) {
    if (count > rest_.size()) {
      fail();
      return {};
    }
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }

  uint64_t little_endian(size_t bytes) {
    uint64_t value = 0;
    int shift = 0;
    for (const char c : take(bytes)) {
      value |= uint64_t{static_cast<uint8_t>(c)} << shift;
      shift += 8;
    }
    return value;
  }

  uint64_t big_endian(size_t bytes) {
    uint64_t value = 0;
    for (const char c : take(bytes)) value = value << 8 | static_cast<uint8_t>(c);
    return value;
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

int64_t signed_integer(ByteReader& in, size_t bytes) {
  const size_t unused = 64 - 8 * bytes;
  return static_cast<int64_t>(in.little_endian(bytes) << unused) >> unused;
}

types::PackedValue read_integer(ByteReader& in, uint8_t encoding) {
  switch (encoding) {
    case 0xc0:
      return types::PackedValue(signed_integer(in, 2));
    case 0xd0:
      return types::PackedValue(signed_integer(in, 4));
    case 0xe0:
      return types::PackedValue(signed_integer(in, 8));
    case 0xf0:
      return types::PackedValue(signed_integer(in, 3));
    case 0xfe:
      return types::PackedValue(signed_integer(in, 1));
    default:
      if (encoding < 0xf1 || encoding > 0xfd) in.fail();
      return types::PackedValue(int64_t{encoding & 0x0f} - 1);
  }
}

types::PackedValue read_value(ByteReader& in) {
  const auto encoding = static_cast<uint8_t>(in.little_endian(1));
  switch (encoding >> 6) {
    case 0:
      return types::PackedValue(in.take(encoding));
    case 1: {
      const uint64_t high = uint64_t{encoding & 0x3fU} << 8;
      return types::PackedValue(in.take(high | in.big_endian(1)));
    }
    case 2:
      if (encoding != 0x80) in.fail();
      return types::PackedValue(in.take(in.big_endian(4)));
    default:
      return read_integer(in, encoding);
  }
}

uint64_t read_length_before(ByteReader& in) {
  const uint64_t length = in.little_endian(1);
  return length == kLongLengthBefore ? in.little_endian(4) : length;
}

}  // namespace

bool read_ziplist(std::string_view bytes, util::FunctionRef<bool(types::PackedValue)> visit) {
  if (bytes.size() <= kHeaderBytes || static_cast<uint8_t>(bytes.back()) != kEnd) return false;
  ByteReader header(bytes);
  const uint64_t total = header.little_endian(4);
  const uint64_t last = header.little_endian(4);
  const uint64_t promised = header.little_endian(2);
  if (total != bytes.size() || last >= bytes.size()) return false;

  ByteReader in(bytes.substr(kHeaderBytes, bytes.size() - kHeaderBytes - 1));
  uint64_t before = 0;
  uint64_t at = kHeaderBytes;
  uint64_t count = 0;
  uint64_t last_found = last;  // an empty one's field is not looked at
  while (in.left() > 0) {
    if (in.peek() == kEnd) return false;  // it ends earlier than its bytes
    const size_t left = in.left();
    if (read_length_before(in) != before) return false;
    const types::PackedValue value = read_value(in);
    if (!in.ok() || !visit(value)) return false;
    last_found = at;
    before = left - in.left();
    at += before;
    ++count;
  }
  return last == last_found && (promised == kUnknownCount || promised == count);
}

std::optional<types::Listpack> listpack_from_ziplist(std::string_view bytes) {
  types::Listpack pack;
  const bool sound = read_ziplist(bytes, [&](types::PackedValue value) {
    if (value.is_number()) {
      pack.append(value.number());
    } else {
      types::PackedValue::Scratch unused;
      const std::string_view text = value.text(unused);
      if (!pack.fits(text.size())) return false;
      pack.append(text);
    }
    return true;
  });
  if (!sound) return std::nullopt;
  return pack;
}

}  // namespace persistence
