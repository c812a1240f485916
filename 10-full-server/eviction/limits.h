// SPDX-License-Identifier: MIT
//
// How much memory the server may take, and what it does about it: the values behind maxmemory and its like. A policy is
// two choices: among which keys (all, or those with a deadline), and which of them first.
#pragma once

#include <cstdint>
#include <string_view>

namespace eviction {

enum class Order : uint8_t { Nothing, Recency, Frequency, Deadline, Random };

struct Policy {
  std::string_view name;
  bool only_volatile;
  Order order;
};

// In the order in which errors list them.
inline constexpr Policy kPolicies[] = {
    {"volatile-lru", true, Order::Recency},    {"volatile-lfu", true, Order::Frequency},
    {"volatile-random", true, Order::Random},  {"volatile-ttl", true, Order::Deadline},
    {"allkeys-lru", false, Order::Recency},    {"allkeys-lfu", false, Order::Frequency},
    {"allkeys-random", false, Order::Random},  {"noeviction", false, Order::Nothing},
};
inline constexpr int kNoEviction = 7;

struct Limits {
  uint64_t max_memory = 0;  // bytes; 0: any amount
  int policy = kNoEviction;  // index in kPolicies
  int samples = 5;           // keys compared at a time
  int tenacity = 10;         // 0 to 100: how long a command may be kept waiting

  const Policy& rule() const { return kPolicies[policy]; }
  // Values that many keys share could not tell when one of them was used (Redis shares small integers).
  bool shares_integers() const {
    return max_memory == 0 || (rule().order != Order::Recency && rule().order != Order::Frequency);
  }
};

}  // namespace eviction
