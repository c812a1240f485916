// SPDX-License-Identifier: MIT
//
// What a value's type tells of its content, so that two data sets can be compared by one number (DEBUG DIGEST): equal
// contents give equal digests, however they are encoded. Who computes it is not known here.
#pragma once

#include <string_view>

namespace keyspace {

class Digest {
 public:
  // What comes in an order: a string, a list's elements.
  virtual void mix(std::string_view text) = 0;
  // What has none: a set's members; fields and values; members and scores (in the shortest digits).
  virtual void add(std::string_view member) = 0;
  virtual void add_pair(std::string_view field, std::string_view value) = 0;

 protected:
  ~Digest() = default;
};

}  // namespace keyspace
