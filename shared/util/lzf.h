// SPDX-License-Identifier: MIT
//
// LZF, the compression of strings in RDB files, from the library liblzf. Stateless.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace util {

// Into `out`; how many bytes it took, 0 when they do not fit.
size_t lzf_compress(std::string_view bytes, std::span<char> out);
// Exactly out.size() bytes out of `bytes`; false when `bytes` is not what a compressor made of as many.
bool lzf_decompress(std::string_view bytes, std::span<char> out);

}  // namespace util
