// SPDX-License-Identifier: MIT
//
// A data set as 20 bytes: two servers with equal digests hold the same keys, values and deadlines' presence, whatever their
// encodings. Redis' own definition (DEBUG DIGEST), so that it may be compared with a Redis: what has an order is hashed
// over with SHA-1 step by step, what has none is XORed together. Reads everything; the loop thread's alone.
// Source: debug.c of Redis 7.2, computeDatasetDigest().
#pragma once

#include <string>

#include "shared/keyspace/databases.h"

namespace introspection {

// 40 hexadecimal digits; all of them 0 for no keys.
std::string dataset_digest(keyspace::Databases& databases);
// Of one value and whether it has a deadline; the key's name does not matter.
std::string value_digest(const keyspace::Entry& entry);
std::string no_value_digest();

}  // namespace introspection
