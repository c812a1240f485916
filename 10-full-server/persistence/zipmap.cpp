// SPDX-License-Identifier: MIT
#include "10-full-server/persistence/zipmap.h"

#include <cstdint>

namespace persistence {

namespace {

constexpr uint8_t kLongLength = 254, kEnd = 255;

// Takes bytes off the front of a text, and notices when there are too few.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.size() == 1 && static_cast<uint8_t>(rest_[0]) == kEnd; }
  std::string_view take(size_t count) {
    ok_ = ok_ && count <= rest_.size();
    if (!ok_) return {};
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }
  uint8_t byte() {
    const std::string_view one = take(1);
    return ok_ ? static_cast<uint8_t>(one[0]) : 0;
  }
  size_t length() {
    const uint8_t first = byte();
    if (first == kEnd) ok_ = false;
    if (first < kLongLength) return first;
    const std::string_view four = take(4);
    return ok_ ? types::read_little_endian(reinterpret_cast<const uint8_t*>(four.data()), 4) : 0;
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace

std::optional<types::Listpack> listpack_from_zipmap(std::string_view bytes) {
  Reader in(bytes);
  const size_t said = in.byte();
  size_t count = 0;
  types::Listpack pairs;
  for (; in.ok() && !in.at_end(); ++count) {
    const std::string_view field = in.take(in.length());
    const size_t length = in.length();
    const size_t unused = in.byte();
    const std::string_view value = in.take(length);
    in.take(unused);
    if (!in.ok() || !pairs.fits(field.size() + value.size())) return std::nullopt;
    pairs.append(field);
    pairs.append(value);
  }
  if (!in.ok() || count == 0 || (said < kLongLength && said != count)) return std::nullopt;
  return pairs;
}

}  // namespace persistence
