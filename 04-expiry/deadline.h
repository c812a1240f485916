// SPDX-License-Identifier: MIT
//
// From what a client says ("in 10 seconds", "at this second", …) to what the keyspace keeps: a point in time, wall-clock
// milliseconds. Deadlines are absolute from here on, so that the log and replicas mean the same moment.
#pragma once

#include <cstdint>
#include <optional>

#include "shared/keyspace/entry.h"

namespace expiry {

enum class Unit : uint8_t { Seconds, Milliseconds };
enum class From : uint8_t { Now, Epoch };

// Nothing when the result lies outside of what 64 bits of milliseconds can say.
std::optional<keyspace::UnixMs> deadline(int64_t amount, Unit unit, From from, keyspace::UnixMs now);

}  // namespace expiry
