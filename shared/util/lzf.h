// SPDX-License-Identifier: MIT
//
// LZF, the compression of strings in RDB files, from the library liblzf. No result depends on an earlier call; any thread.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace util {

// Into `out`; how many bytes it took, 0 when they do not fit.
size_t lzf_compress(std::string_view bytes, std::span<char> out);
// False: compressing will certainly not save as many bytes. Of short texts (8 to 128 bytes) it finds that out in a fraction of
// the time that lzf_compress() would take; of others it says true.
bool lzf_may_save(std::string_view bytes, size_t wanted);
// Exactly out.size() bytes out of `bytes`; false when `bytes` is not what a compressor made of as many.
bool lzf_decompress(std::string_view bytes, std::span<char> out);

}  // namespace util
