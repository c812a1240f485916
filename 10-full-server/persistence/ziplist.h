// SPDX-License-Identifier: MIT
//
// Ziplists: how Redis kept small lists, hashes and sorted sets before 7.0. Only read here, from old
// files and payloads. Little endian, but for a text's length:
//
//   | total bytes, 4 | offset of the last entry, 4 | entries, 2 | entry | entry | … | 0xff |
//
//   entry: | length of the entry before | encoding and length | text or integer |
//   length before: 1 byte up to 253, or 0xfe and 4 bytes
//   00llllll             text up to 63 bytes     11000000 + 2    16-bit integer
//   01llllll llllllll    text up to 16383        11010000 + 4    32-bit
//   10000000 + 4         longer text             11100000 + 8    64-bit
//   1111nnnn             n - 1: 0 … 12           11110000 + 3    24-bit
//                                                11111110 + 1    8-bit
//
// Source: the introduction of ziplist.c of Redis 6.2. Stateless.
#pragma once

#include <optional>
#include <string_view>

#include "10-full-server/types/listpack.h"
#include "shared/util/function_ref.h"

namespace persistence {

// Walks through `bytes`, of which nothing is known, and shows `visit` each element; it is valid
// while `bytes` are. False: they are no ziplist through and through, or `visit` refused an element;
// what was visited until then is worth nothing.
bool read_ziplist(std::string_view bytes, util::FunctionRef<bool(types::PackedValue)> visit);

// The same elements as a listpack.
std::optional<types::Listpack> listpack_from_ziplist(std::string_view bytes);

}  // namespace persistence
