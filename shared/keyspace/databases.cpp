// SPDX-License-Identifier: MIT
#include "shared/keyspace/databases.h"

namespace keyspace {

void Databases::open(int count) {
  databases_.reserve(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i) databases_.push_back(std::make_unique<Keyspace>(i, environment_));
}

size_t Databases::total_size() const {
  size_t total = 0;
  for (const auto& database : databases_) total += database->size();
  return total;
}

}  // namespace keyspace
