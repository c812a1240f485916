// SPDX-License-Identifier: MIT
//
// CRC-64/Jones, the checksum of RDB files: polynomial 0xad93d23594c935a9, reflected in and out, nothing inverted.
// crc64(0, "123456789") is 0xe9c6d914c4b8d9ca. Table-driven, eight bytes or more a step. Any thread.
#pragma once

#include <cstdint>
#include <string_view>

namespace util {

// Continues `crc` (0 at the beginning) with `bytes`.
uint64_t crc64(uint64_t crc, std::string_view bytes);

}  // namespace util
