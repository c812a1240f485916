// SPDX-License-Identifier: MIT
//
// Keeps the server within maxmemory: asked before a command runs, it removes keys as the policy says until the memory
// that counts is within the limit. It takes no longer than the tenacity allows; what is left is done soon after, in turns
// of its own, while commands go on. The loop thread's alone; never inside a command.
#pragma once

#include <cstdint>
#include <functional>

#include "10-full-server/eviction/eviction_pool.h"
#include "10-full-server/eviction/limits.h"
#include "shared/keyspace/databases.h"
#include "shared/util/clock.h"

namespace eviction {

class Evictor {
 public:
  enum class Phase : uint8_t { Cycle, Key, Wait };

  // What the rest of the server knows.
  struct World {
    std::function<bool()> may_evict;            // not while loading, on a replica, or paused
    std::function<uint64_t()> used_memory;      // bytes, all of it
    std::function<uint64_t()> uncounted;        // of these, what removing keys makes grow: output for replicas, the log
    std::function<void()> release_spare;        // gives back what is only kept for later use: before any key goes
    std::function<bool()> wait_for_free;        // memory is being freed elsewhere: waits a moment. False: none is
    std::function<void()> continue_soon;        // arranges a call of go_on() in a turn of its own
    // Hears how long a round of evictions took, the freeing of one key in it, a wait for what is freed elsewhere.
    std::function<void(Phase phase, int64_t microseconds)> took = {};
  };

  Evictor(keyspace::Databases& databases, util::Clock& clock, Limits& limits, World world)
      : databases_(databases), clock_(clock), limits_(limits), world_(std::move(world)) {}

  enum class Outcome : uint8_t {
    Enough,   // within the limit, or it is not to be enforced now
    Running,  // not yet: it goes on by itself
    Full,     // nothing more may be evicted
  };
  Outcome make_room();
  // The limit or the policy has changed: begins in the next turn.
  void start();
  void go_on();  // what continue_soon() arranged
  // What told of the evictions (messages to clients that track keys) has been sent, or counts from now on.
  void turn_ended() { told_ = 0; }

  uint64_t counted_memory() const;
  uint64_t uncounted_memory() const { return world_.uncounted(); }

  // How long the limit was exceeded, microseconds: now, and in all.
  int64_t exceeded_now() const { return exceeded_since_ == 0 ? 0 : clock_.monotonic_us() - exceeded_since_; }
  int64_t exceeded_total() const { return exceeded_total_ + exceeded_now(); }
  void reset_statistics() { exceeded_since_ = exceeded_total_ = 0; }

 private:
  Outcome evict();
  Outcome free_keys(int64_t& freed);
  template <class Action>
  auto timed(Phase phase, Action action);
  int64_t remove(keyspace::Keyspace& keys, keyspace::Entry* entry);
  Outcome wait_for_free(int64_t until_us);
  bool within_limit() const { return limits_.max_memory == 0 || counted_memory() <= limits_.max_memory; }
  struct Victim {
    keyspace::Keyspace* keys = nullptr;
    keyspace::Entry* entry = nullptr;
  };
  Victim choose();
  Victim choose_random();
  bool fill_pool();
  uint64_t score(const keyspace::Entry& entry) const;
  int64_t time_limit_us() const;

  keyspace::Databases& databases_;
  util::Clock& clock_;
  Limits& limits_;
  World world_;
  EvictionPool pool_;
  int pool_policy_ = -1;  // whose scores are in the pool
  int next_database_ = 0;
  bool running_ = false;
  uint64_t told_ = 0;  // bytes by which telling of this turn's evictions has made other memory grow
  int64_t exceeded_since_ = 0;
  int64_t exceeded_total_ = 0;
};

}  // namespace eviction
