// SPDX-License-Identifier: MIT
//
// What a value's type tells of its content, so that two data sets can be compared by one number (DEBUG DIGEST): equal
// contents give equal digests, however they are encoded. Who computes it is not known here.
#pragma once

#include <string_view>

namespace keyspace {

class Digest {
 public:
  virtual void mix(std::string_view text) = 0;  // what comes in an order: a string, a list's elements
  virtual void add(std::string_view member) = 0;  // what has no order: a set's members
  virtual void add_pair(std::string_view field, std::string_view value) = 0;  // … fields and values, members and scores ("%.17g")

 protected:
  ~Digest() = default;
};

}  // namespace keyspace
