// SPDX-License-Identifier: MIT
//
// What string commands of every stage share: a value goes out without a copy when it is long, and comes in without one
// when it was received alone.
#pragma once

#include "shared/command/context.h"

namespace get_set {

// REQUIRES: value.exists()
void reply_string(command::Context& c, const keyspace::StringView& value);

// Stores an argument under `key`. Reports nothing.
keyspace::Entry* store_string(command::Context& c, std::string_view key, size_t value_argument, keyspace::KeepTtl keep);

// False, and answered: a string of `length` bytes would be longer than proto-max-bulk-len.
bool fits_string(command::Context& c, uint64_t length);

}  // namespace get_set
