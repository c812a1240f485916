// SPDX-License-Identifier: MIT
// The library's two calls, kept from what they cannot stand: empty input and lengths beyond 32
// bits.
#include "shared/util/lzf.h"

#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>

extern "C" {  // not every packaged lzf.h says so itself
#include <lzf.h>
}

namespace util {

static bool fits(size_t size) { return size != 0 && size <= std::numeric_limits<unsigned>::max(); }

// Texts of one kind come together: looking ahead pays behind one that did not shrink. No result depends on it.
static thread_local bool last_did_not_shrink = false;

// To copy n bytes from before, there must be n - 2 places where three bytes stand that have stood there before; the copy takes
// two bytes or three, and a byte stands in front of what is not copied. So what can be saved is at most the number of such
// places less one. Where two hashes are the same, a place is counted that is none.
bool lzf_may_save(std::string_view bytes, size_t wanted) {
  constexpr size_t kShortest = 8, kLongest = 128;
  if (bytes.size() < kShortest || bytes.size() > kLongest) return true;
  uint8_t seen[kLongest * kLongest / 2];
  // Half the square of the length: on average less than one false alarm.
  const auto bits = 2 * static_cast<unsigned>(std::bit_width(bytes.size() - 1)) - 1;
  std::memset(seen, 0, size_t{1} << bits);
  size_t places = 1;  // the last one is not looked at
  for (size_t i = 0; i + sizeof(uint32_t) <= bytes.size(); ++i) {
    uint32_t four = 0;
    std::memcpy(&four, bytes.data() + i, sizeof(four));
    uint8_t& before = seen[(four << 8) * 2654435761U >> (32 - bits)];
    places += before;
    before = 1;
    if (places > wanted) return true;
  }
  return false;
}

size_t lzf_compress(std::string_view bytes, std::span<char> out) {
  if (!fits(bytes.size()) || !fits(out.size())) return 0;
  if constexpr (WORKSHOP_FAST_PATHS) {
    if (out.size() < bytes.size() && last_did_not_shrink && !lzf_may_save(bytes, bytes.size() - out.size())) return 0;
  }
  const size_t count = ::lzf_compress(bytes.data(), static_cast<unsigned>(bytes.size()), out.data(),
                                      static_cast<unsigned>(out.size()));
  last_did_not_shrink = count == 0;
  return count;
}

bool lzf_decompress(std::string_view bytes, std::span<char> out) {
  if (!fits(bytes.size()) || !fits(out.size())) return false;
  return ::lzf_decompress(bytes.data(), static_cast<unsigned>(bytes.size()), out.data(),
                          static_cast<unsigned>(out.size())) == out.size();
}

}  // namespace util
