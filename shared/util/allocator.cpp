// SPDX-License-Identifier: MIT
#include "shared/util/allocator.h"

#include <cstddef>

#if WORKSHOP_JEMALLOC
#include <jemalloc/jemalloc.h>
#endif

namespace memory {

#if WORKSHOP_JEMALLOC

static uint64_t read_number(const char* name) {
  size_t value = 0, length = sizeof value;
  return mallctl(name, &value, &length, nullptr, 0) == 0 ? value : 0;
}

AllocatorStats allocator_stats() {
  uint64_t epoch = 1;
  size_t length = sizeof epoch;
  mallctl("epoch", &epoch, &length, &epoch, length);  // figures are as old as the last such request
  return {.allocated = read_number("stats.allocated"),
          .active = read_number("stats.active"),
          .resident = read_number("stats.resident")};
}

bool purge_allocator() {
  static_assert(MALLCTL_ARENAS_ALL == 4096);
  return mallctl("arena.4096.purge", nullptr, nullptr, nullptr, 0) == 0;
}

std::string allocator_report() {
  std::string text;
  malloc_stats_print([](void* out, const char* piece) { static_cast<std::string*>(out)->append(piece); }, &text, nullptr);
  return text;
}

#else

AllocatorStats allocator_stats() { return {}; }
bool purge_allocator() { return false; }
std::string allocator_report() { return {}; }

#endif

}  // namespace memory
