// SPDX-License-Identifier: MIT
//
// Up to where a sorted set stays a listpack: zset-max-listpack-entries and zset-max-listpack-value.
#pragma once

#include <cstddef>

namespace types {

struct SortedSetSettings {
  size_t max_listpack_entries = 128;
  size_t max_listpack_value = 64;  // bytes of a member
};

// What the server is configured to. Written and read by the thread that owns the keyspace.
inline SortedSetSettings sorted_set_settings;

}  // namespace types
