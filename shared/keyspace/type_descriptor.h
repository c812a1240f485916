// SPDX-License-Identifier: MIT
//
// What the keyspace knows of a value's type: a row of functions. shared/ never switches over types; a type that registers
// its row is stored, renamed, copied, counted and freed like any other. Rows are const and registered before the server
// starts. Strings have none of the handle functions: they lie in the entry.
#pragma once

#include <cstddef>
#include <string_view>

#include "shared/keyspace/digest.h"
#include "shared/keyspace/entry.h"

namespace keyspace {

struct TypeDescriptor {
  TypeId id;
  std::string_view name;  // as TYPE answers it: "string", "zset", …
  // `handle` is the address of the 8 bytes in the entry.
  void (*destroy)(void* handle);
  void (*clone)(const void* from, void* to);
  size_t (*length)(const void* handle);
  size_t (*memory)(const Entry& entry);            // bytes, the entry included
  size_t (*free_effort)(const void* handle);       // allocations to free: decides about lazy freeing
  std::string_view (*encoding_name)(const Entry& entry);
  void (*digest)(const Entry& entry, Digest& digest) = nullptr;  // the value; neither key nor deadline
};

void register_type(const TypeDescriptor& descriptor);
const TypeDescriptor& descriptor_of(const Entry& entry);
// The type that TYPE and SCAN … TYPE call `name` (any case), or null.
const TypeDescriptor* find_type(std::string_view name);

}  // namespace keyspace
