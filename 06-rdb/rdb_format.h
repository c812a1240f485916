// SPDX-License-Identifier: MIT
//
// The RDB format, versions 1 to 11, as far as it is the same for every type of value.
//   file     = "REDIS" 4 digits, aux*, database*, 0xFF, CRC-64 (little endian; 0: none was made)
//   aux      = 0xFA string string                       what the file tells about itself
//   database = 0xFE length(number) [0xFB length(keys) length(keys with a deadline)] entry*
//   entry    = [0xFC Unix ms, 8 bytes, little endian] type: 1 byte, key: string, value
//   length   = 00xxxxxx | 01xxxxxx 1 byte | 0x80 4 bytes | 0x81 8 bytes       big endian
//   string   = length bytes | 0xC0..C2 int8, 16, 32 (little endian) | 0xC3 length(packed) length LZF
// The checksum, from version 5 on, covers everything before it. Source: rdb.h of Redis 7.2.
#pragma once

#include <cstddef>
#include <cstdint>

namespace rdb {

inline constexpr int kOldestVersion = 1;
inline constexpr int kNewestVersion = 11;
inline constexpr int kFirstWithChecksum = 5;
inline constexpr size_t kMagicLength = 9;  // "REDIS0010"
inline constexpr size_t kChecksumLength = 8;

namespace opcode {
inline constexpr uint8_t kFunction = 245;
inline constexpr uint8_t kOldFunction = 246;
inline constexpr uint8_t kModuleAux = 247;
inline constexpr uint8_t kIdle = 248;
inline constexpr uint8_t kFrequency = 249;
inline constexpr uint8_t kAux = 250;
inline constexpr uint8_t kResizeDb = 251;
inline constexpr uint8_t kExpireMs = 252;
inline constexpr uint8_t kExpireSeconds = 253;
inline constexpr uint8_t kSelectDb = 254;
inline constexpr uint8_t kEnd = 255;
}  // namespace opcode

// The first byte of a length; below kForm14Bits the length itself.
inline constexpr uint8_t kForm14Bits = 0x40;
inline constexpr uint8_t kForm32Bits = 0x80;
inline constexpr uint8_t kForm64Bits = 0x81;
// The first byte of a string that is not its length.
inline constexpr uint8_t kFormInt8 = 0xC0;
inline constexpr uint8_t kFormInt16 = 0xC1;
inline constexpr uint8_t kFormInt32 = 0xC2;
inline constexpr uint8_t kFormLzf = 0xC3;

inline constexpr size_t kLongestIntegerText = 11;  // "-2147483648"
inline constexpr size_t kShortestPacked = 21;      // shorter texts are not worth compressing

}  // namespace rdb
