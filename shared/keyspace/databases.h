// SPDX-License-Identifier: MIT
//
// The numbered databases of a server and what they share.
#pragma once

#include <memory>
#include <vector>

#include "shared/keyspace/keyspace.h"

namespace keyspace {

class Databases {
 public:
  // REQUIRES: called once, before anything else.
  void open(int count);

  int count() const { return static_cast<int>(databases_.size()); }
  Keyspace& operator[](int index) { return *databases_[static_cast<size_t>(index)]; }
  Environment& environment() { return environment_; }
  size_t total_size() const;

 private:
  Environment environment_;
  std::vector<std::unique_ptr<Keyspace>> databases_;
};

}  // namespace keyspace
