// SPDX-License-Identifier: MIT
//
// What the allocator says of itself, and what it can be asked to do. Zeros and empty text where it is not jemalloc.
#pragma once

#include <cstdint>
#include <string>

namespace memory {

struct AllocatorStats {
  uint64_t allocated = 0;  // bytes in live allocations
  uint64_t active = 0;     // in pages that hold any
  uint64_t resident = 0;   // in physical memory, its own data included
};
AllocatorStats allocator_stats();

// Unused pages go back to the system. False: this allocator cannot.
bool purge_allocator();

std::string allocator_report();  // for people

}  // namespace memory
