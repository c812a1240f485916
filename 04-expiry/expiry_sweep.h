// SPDX-License-Identifier: MIT
//
// Active expiry. Lookups make answers right; keys that nobody looks up would stay in memory for ever. The sweep walks the
// tables where marked slots are, a piece at each tick, and stops when its time is over or when it finds little: one in
// ten of the keys with a deadline may be overdue, as in Redis.
// The loop thread's alone; never runs inside a command.
#pragma once

#include "shared/keyspace/databases.h"
#include "shared/util/clock.h"

namespace expiry {

class ExpirySweep {
 public:
  ExpirySweep(keyspace::Databases& databases, util::Clock& clock) : databases_(databases), clock_(clock) {}

  // Sweeps for at most about `budget_us` microseconds; returns how many keys were deleted.
  size_t run(int64_t budget_us);
  // For tests that must meet overdue keys. On at first.
  void set_enabled(bool enabled) { enabled_ = enabled; }
  bool enabled() const { return enabled_; }

 private:
  struct Found {
    size_t examined = 0;  // keys with a deadline
    size_t deleted = 0;
  };
  // Sweeps some buckets from the database's cursor on and moves the cursor.
  Found sweep_some(keyspace::Keyspace& keys, size_t& bucket);
  Found sweep_database(keyspace::Keyspace& keys, size_t& bucket, int64_t until_us);

  keyspace::Databases& databases_;
  util::Clock& clock_;
  bool enabled_ = true;
  int next_database_ = 0;
  std::vector<size_t> cursors_;  // the next bucket of each database
  std::vector<keyspace::Entry*> overdue_;
};

}  // namespace expiry
