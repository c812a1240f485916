// SPDX-License-Identifier: MIT
//
// From what a client says ("in 10 seconds", "at this second", …) to what the keyspace keeps: a point in time, wall-clock
// milliseconds. Deadlines are absolute from here on, so that the log and replicas mean the same moment.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "shared/keyspace/entry.h"
#include "shared/resp/request_parser.h"

namespace command {
class Context;
}

namespace expiry {

enum class Unit : uint8_t { Seconds, Milliseconds };
enum class From : uint8_t { Now, Epoch };

// Nothing when the result lies outside of what 64 bits of milliseconds can say.
std::optional<keyspace::UnixMs> deadline(int64_t amount, Unit unit, From from, keyspace::UnixMs now);

// Gives the entry a deadline, reports it and passes on the moment, not the distance to it. A moment that has passed
// deletes instead. The conditions (NX, XX, GT, LT: they hold) go along, as from Redis. The entry may move or be gone
// afterwards.
void set_deadline(command::Context& c, std::string_view key, keyspace::Entry* entry, keyspace::UnixMs when,
                  resp::Args conditions = {});

}  // namespace expiry
