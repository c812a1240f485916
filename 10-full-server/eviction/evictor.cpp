// SPDX-License-Identifier: MIT
#include "10-full-server/eviction/evictor.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace eviction {

using keyspace::Entry;
using keyspace::Keyspace;
using keyspace::UsageClock;

// Keys between two looks at the clock and, as memory may be freed elsewhere, at the memory.
constexpr int kKeysBetweenLooks = 16;

uint64_t Evictor::counted_memory() const {
  const uint64_t used = world_.used_memory(), uncounted = world_.uncounted() + told_;
  return used > uncounted ? used - uncounted : 0;
}

// Redis' scale: up to 500 microseconds in steps of 50, then 15 percent more for each step, at 100 without end.
int64_t Evictor::time_limit_us() const {
  if (limits_.tenacity <= 10) return 50 * limits_.tenacity;
  if (limits_.tenacity < 100) return static_cast<int64_t>(500 * std::pow(1.15, limits_.tenacity - 10));
  return std::numeric_limits<int64_t>::max() / 2;
}

// Higher goes first.
uint64_t Evictor::score(const Entry& entry) const {
  const keyspace::Environment& environment = databases_.environment();
  switch (limits_.rule().order) {
    case Order::Recency:
      return (environment.usage.fresh(environment.now) - entry.clock()) & UsageClock::kMask;
    case Order::Frequency:
      return UsageClock::kMostCounter - environment.usage.counter(entry.clock(), environment.now);
    case Order::Deadline:
      return std::numeric_limits<uint64_t>::max() - static_cast<uint64_t>(entry.deadline());
    default:
      return 0;
  }
}

// Samples every database, so that the choice is made among all of them. False: there is nothing to evict.
bool Evictor::fill_pool() {
  if (std::exchange(pool_policy_, limits_.policy) != limits_.policy) pool_.clear();
  const bool only_volatile = limits_.rule().only_volatile;
  bool any = false;
  for (int i = 0; i < databases_.count(); ++i) {
    const Keyspace& keys = databases_[i];
    if ((only_volatile ? keys.volatile_count() : keys.size()) == 0) continue;
    any = true;
    keys.table().sample(databases_.environment().random, static_cast<size_t>(limits_.samples), only_volatile,
                        [&](void* item) {
                          const auto& entry = *static_cast<Entry*>(item);
                          pool_.offer(score(entry), i, entry.key());
                        });
  }
  return any;
}

Evictor::Victim Evictor::choose() {
  while (fill_pool()) {
    while (const EvictionPool::Candidate* best = pool_.take()) {
      Keyspace& keys = databases_[best->db];
      Entry* entry = keys.peek(best->key);
      // It may have gone, or have lost its deadline.
      if (entry != nullptr && (!limits_.rule().only_volatile || entry->has_deadline())) return {&keys, entry};
    }
  }
  return {};
}

// From one database after the other.
Evictor::Victim Evictor::choose_random() {
  Victim victim;
  const bool only_volatile = limits_.rule().only_volatile;
  for (int i = 0; i < databases_.count() && victim.entry == nullptr; ++i) {
    next_database_ = (next_database_ + 1) % databases_.count();
    Keyspace& keys = databases_[next_database_];
    victim.keys = &keys;
    if (!only_volatile && keys.size() > 0) {
      victim.entry = static_cast<Entry*>(keys.table().random(databases_.environment().random));
    } else {
      keys.table().sample(databases_.environment().random, 1, true,
                          [&](void* item) { victim.entry = static_cast<Entry*>(item); });
    }
  }
  return victim;
}

template <class Action>
auto Evictor::timed(Phase phase, Action action) {
  const int64_t started = world_.took ? clock_.monotonic_us() : 0;
  auto result = action();
  if (world_.took) world_.took(phase, clock_.monotonic_us() - started);
  return result;
}

// How much memory that has freed. What hearing of it adds (DELs for the log, messages to clients) must not count, or the
// loop would feed itself.
int64_t Evictor::remove(Keyspace& keys, Entry* entry) {
  keyspace::Environment& environment = databases_.environment();
  ++environment.evicted;
  environment.sink->on_removed({keys.index(), entry->key(), keyspace::RemovalReason::Evicted});
  return timed(Phase::Key, [&] {
    const auto before = static_cast<int64_t>(world_.used_memory());
    keys.erase(entry, keyspace::Lazily{environment.lazy.evicted});
    return before - static_cast<int64_t>(world_.used_memory());
  });
}

Evictor::Outcome Evictor::evict() {
  if (within_limit()) return Outcome::Enough;
  world_.release_spare();
  if (within_limit()) return Outcome::Enough;
  if (limits_.rule().order == Order::Nothing) return Outcome::Full;
  return timed(Phase::Cycle, [this] {
    const auto before = static_cast<int64_t>(counted_memory());
    int64_t freed = 0;
    const Outcome outcome = free_keys(freed);
    const int64_t grown = static_cast<int64_t>(counted_memory()) - (before - freed);
    told_ += static_cast<uint64_t>(std::max<int64_t>(0, grown));
    return outcome;
  });
}

Evictor::Outcome Evictor::free_keys(int64_t& freed) {
  const int64_t until_us = clock_.monotonic_us() + time_limit_us();
  const auto to_free = static_cast<int64_t>(counted_memory() - limits_.max_memory);
  const bool elsewhere = databases_.environment().lazy.evicted;
  for (int keys = 1; freed < to_free; ++keys) {
    const Victim victim = limits_.rule().order == Order::Random ? choose_random() : choose();
    if (victim.entry == nullptr) return timed(Phase::Wait, [&] { return wait_for_free(until_us); });
    freed += remove(*victim.keys, victim.entry);
    if (keys % kKeysBetweenLooks != 0) continue;
    if (elsewhere && within_limit()) break;
    if (clock_.monotonic_us() > until_us) {
      start();
      break;
    }
  }
  return running_ ? Outcome::Running : Outcome::Enough;
}

Evictor::Outcome Evictor::wait_for_free(int64_t until_us) {
  while (clock_.monotonic_us() < until_us && world_.wait_for_free()) {
    if (within_limit()) return Outcome::Enough;
  }
  return Outcome::Full;
}

Evictor::Outcome Evictor::make_room() {
  if (!world_.may_evict()) return Outcome::Enough;
  const Outcome outcome = evict();
  if (outcome != Outcome::Enough) {
    if (exceeded_since_ == 0) exceeded_since_ = clock_.monotonic_us();
  } else if (exceeded_since_ != 0) {
    exceeded_total_ += exceeded_now();
    exceeded_since_ = 0;
  }
  return outcome;
}

void Evictor::start() {
  if (!std::exchange(running_, true)) world_.continue_soon();
}

void Evictor::go_on() {
  running_ = false;
  // Cut short again, it has arranged the next time itself.
  (void)make_room();
}

}  // namespace eviction
