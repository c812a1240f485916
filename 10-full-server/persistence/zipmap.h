// SPDX-License-Identifier: MIT
//
// Zipmaps: how Redis kept small hashes before 2.6. Only read here, from old files and payloads:
//
//   | pairs, 1 | field | value | field | value | … | 0xff |
//
//   field: | length | text |      value: | length | unused bytes, 1 | text | unused … |
//   length: 1 byte up to 253, or 254 and 4 bytes, little endian; 254 pairs: more than fit there, count them
//
// Source: https://github.com/redis/redis/blob/7.2/src/zipmap.c, its introduction. Stateless.
#pragma once

#include <optional>
#include <string_view>

#include "10-full-server/types/listpack.h"

namespace persistence {

// The same pairs as a listpack: field, value, field, value … Nothing: `bytes` are no zipmap through and through, or hold more
// than a listpack may.
std::optional<types::Listpack> listpack_from_zipmap(std::string_view bytes);

}  // namespace persistence
