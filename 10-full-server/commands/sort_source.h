// SPDX-License-Identifier: MIT
//
// The elements that SORT works on: those of a list, a set or a sorted set, or none of a missing key. They lie in the
// collection, and are valid until it changes.
#pragma once

#include <cstddef>
#include <vector>

#include "10-full-server/types/listpack_entry.h"
#include "shared/command/context.h"

namespace full_server {

class SortSource {
 public:
  // False, and answered, when the key holds something else.
  static bool open(command::Context& c, std::string_view key, SortSource& source);

  size_t size() const;
  bool is_set() const { return entry_ != nullptr && entry_->type() == keyspace::TypeId::Set; }
  bool ordered() const { return !is_set(); }  // its elements have an order of their own

  // All elements, in the order of lists, in none of others.
  std::vector<types::PackedValue> all() const;
  // `count` elements from `start` on in their own order, or backwards from the end. REQUIRES: ordered(), and there are so
  // many.
  std::vector<types::PackedValue> some(size_t start, size_t count, bool backwards) const;

 private:
  keyspace::Entry* entry_ = nullptr;
};

}  // namespace full_server
