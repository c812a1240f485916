// SPDX-License-Identifier: MIT
// The library's two calls, kept from what they cannot stand: empty input and lengths beyond 32
// bits.
#include "shared/util/lzf.h"

#include <limits>

extern "C" {  // not every packaged lzf.h says so itself
#include <lzf.h>
}

namespace util {

static bool fits(size_t size) { return size != 0 && size <= std::numeric_limits<unsigned>::max(); }

size_t lzf_compress(std::string_view bytes, std::span<char> out) {
  if (!fits(bytes.size()) || !fits(out.size())) return 0;
  return ::lzf_compress(bytes.data(), static_cast<unsigned>(bytes.size()), out.data(),
                        static_cast<unsigned>(out.size()));
}

bool lzf_decompress(std::string_view bytes, std::span<char> out) {
  if (!fits(bytes.size()) || !fits(out.size())) return false;
  return ::lzf_decompress(bytes.data(), static_cast<unsigned>(bytes.size()), out.data(),
                          static_cast<unsigned>(out.size())) == out.size();
}

}  // namespace util
