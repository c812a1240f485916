// SPDX-License-Identifier: MIT
#include "shared/util/memory.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>

#include "shared/util/zeroed_memory.h"

#if WORKSHOP_JEMALLOC
#include <jemalloc/jemalloc.h>
#elif defined(__APPLE__)
#include <malloc/malloc.h>
#else
#include <malloc.h>
#endif

#if WORKSHOP_JEMALLOC && (JEMALLOC_VERSION_MAJOR > 5 || JEMALLOC_VERSION_MINOR >= 2)
// Read by jemalloc when it starts. By default a slab of small allocations is a page or few, and each
// slab has 128 bytes of book-keeping: 1 byte for each allocation of 32. So slabs of up to 512
// regions, the most there can be. And what was freed goes back to the system after a second, not
// after ten: the nodes of a tree that is filled pass through eight size classes.
const char* malloc_conf =
    "dirty_decay_ms:1000,"
    "slab_sizes:16-16:2|32-32:4|48-48:6|64-64:8|96-96:6|128-128:4|256-256:4";
#endif

namespace memory {

namespace {

// One counter per thread, on its own cache line; threads past the last slot share it (hence
// fetch_add there).
constexpr size_t kCounters = 64;
struct alignas(64) Counter {
  std::atomic<int64_t> bytes{0};
};
Counter counters[kCounters];
std::atomic<size_t> threads{0};
std::atomic<uint64_t> peak_bytes{0};
thread_local Counter* own_counter = nullptr;

Counter& counter() noexcept {
  if (own_counter == nullptr) [[unlikely]] {
    const size_t index = threads.fetch_add(1, std::memory_order_relaxed);
    own_counter = &counters[index < kCounters ? index : kCounters - 1];
  }
  return *own_counter;
}

void add(int64_t bytes) noexcept {
  Counter& mine = counter();
  if (&mine == &counters[kCounters - 1]) [[unlikely]] {
    mine.bytes.fetch_add(bytes, std::memory_order_relaxed);
  } else {
    mine.bytes.store(mine.bytes.load(std::memory_order_relaxed) + bytes, std::memory_order_relaxed);
  }
}

[[noreturn]] void out_of_memory(size_t size) {
  std::fprintf(stderr, "Out of memory allocating %zu bytes\n", size);
  std::abort();
}

int64_t size_of(void* pointer) noexcept {
#if WORKSHOP_JEMALLOC
  return static_cast<int64_t>(sallocx(pointer, 0));
#elif defined(__APPLE__)
  return static_cast<int64_t>(malloc_size(pointer));
#else
  return static_cast<int64_t>(malloc_usable_size(pointer));
#endif
}

}  // namespace

size_t good_size(size_t size) noexcept {
#if WORKSHOP_JEMALLOC
  return nallocx(size == 0 ? 1 : size, 0);
#else
  return (std::max<size_t>(size, 24) + 7) / 16 * 16 + 8;  // glibc: 24, 40, 56, …
#endif
}

void* allocate(size_t size) {
  if (size == 0) size = 1;
#if WORKSHOP_JEMALLOC
  void* pointer = mallocx(size, 0);
  if (pointer == nullptr) out_of_memory(size);
  add(static_cast<int64_t>(nallocx(size, 0)));
#else
  void* pointer = std::malloc(size);
  if (pointer == nullptr) out_of_memory(size);
  add(size_of(pointer));
#endif
  return pointer;
}

void* allocate_zeroed(size_t size) {
#if WORKSHOP_JEMALLOC
  constexpr size_t kPage = 4096;
  if (size >= 4 * kPage) {  // its large classes
    const int flags = MALLOCX_ALIGN(kPage) | MALLOCX_ZERO;
    void* pointer = mallocx(size, flags);
    if (pointer == nullptr) out_of_memory(size);
    add(static_cast<int64_t>(nallocx(size, 0)));
    return pointer;
  }
#endif
  return std::memset(allocate(size), 0, size);
}

void release(void* pointer, [[maybe_unused]] size_t size) noexcept {
  if (pointer == nullptr) return;
#if WORKSHOP_JEMALLOC
  if (size == 0) size = 1;
  add(-static_cast<int64_t>(nallocx(size, 0)));
  sdallocx(pointer, size, 0);
#else
  add(-size_of(pointer));
  std::free(pointer);
#endif
}

static void release_unsized(void* pointer) noexcept {
  if (pointer == nullptr) return;
  add(-size_of(pointer));
#if WORKSHOP_JEMALLOC
  dallocx(pointer, 0);
#else
  std::free(pointer);
#endif
}

static void* allocate_aligned(size_t size, size_t alignment) {
  if (size == 0) size = 1;
#if WORKSHOP_JEMALLOC
  void* pointer = mallocx(size, MALLOCX_ALIGN(alignment));
#else
  void* pointer = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
#endif
  if (pointer == nullptr) out_of_memory(size);
  add(size_of(pointer));
  return pointer;
}

uint64_t used() noexcept {
  int64_t total = 0;
  const size_t used = std::min(threads.load(std::memory_order_relaxed), kCounters);
  for (size_t i = 0; i < used; ++i) total += counters[i].bytes.load(std::memory_order_relaxed);
  return total > 0 ? static_cast<uint64_t>(total) : 0;
}

uint64_t peak() noexcept { return peak_bytes.load(std::memory_order_relaxed); }

void sample_peak() noexcept {
  const uint64_t now = used();
  if (now > peak()) peak_bytes.store(now, std::memory_order_relaxed);
}

uint64_t resident() noexcept {
  uint64_t total = 0, pages = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%lu %lu", &total, &pages) != 2) pages = 0;
    std::fclose(file);
  }
  return pages * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

uint64_t system_total() noexcept {
  return static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) *
         static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

#if WORKSHOP_JEMALLOC
#define WORKSHOP_TEXT_(x) #x
#define WORKSHOP_TEXT(x) WORKSHOP_TEXT_(x)
std::string_view allocator_name() noexcept {
  return "jemalloc-" WORKSHOP_TEXT(JEMALLOC_VERSION_MAJOR) "." WORKSHOP_TEXT(
      JEMALLOC_VERSION_MINOR) "." WORKSHOP_TEXT(JEMALLOC_VERSION_BUGFIX);
}
#else
std::string_view allocator_name() noexcept { return "libc"; }
#endif

}  // namespace memory

void* operator new(size_t size) { return memory::allocate(size); }
void* operator new[](size_t size) { return memory::allocate(size); }
void operator delete(void* pointer) noexcept { memory::release_unsized(pointer); }
void operator delete[](void* pointer) noexcept { memory::release_unsized(pointer); }
void operator delete(void* pointer, size_t size) noexcept { memory::release(pointer, size); }
void operator delete[](void* pointer, size_t size) noexcept { memory::release(pointer, size); }
void* operator new(size_t size, std::align_val_t alignment) {
  return memory::allocate_aligned(size, static_cast<size_t>(alignment));
}
void* operator new[](size_t size, std::align_val_t alignment) {
  return memory::allocate_aligned(size, static_cast<size_t>(alignment));
}
void operator delete(void* pointer, std::align_val_t) noexcept { memory::release_unsized(pointer); }
void operator delete[](void* pointer, std::align_val_t) noexcept {
  memory::release_unsized(pointer);
}
void operator delete(void* pointer, size_t, std::align_val_t) noexcept {
  memory::release_unsized(pointer);
}
void operator delete[](void* pointer, size_t, std::align_val_t) noexcept {
  memory::release_unsized(pointer);
}

// The forms that must not throw: jemalloc brings its own, which would not count what the deletes
// above subtract.
void* operator new(size_t size, const std::nothrow_t&) noexcept { return memory::allocate(size); }
void* operator new[](size_t size, const std::nothrow_t&) noexcept { return memory::allocate(size); }
void operator delete(void* pointer, const std::nothrow_t&) noexcept {
  memory::release_unsized(pointer);
}
void operator delete[](void* pointer, const std::nothrow_t&) noexcept {
  memory::release_unsized(pointer);
}
void* operator new(size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return memory::allocate_aligned(size, static_cast<size_t>(alignment));
}
void* operator new[](size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return memory::allocate_aligned(size, static_cast<size_t>(alignment));
}
void operator delete(void* pointer, std::align_val_t, const std::nothrow_t&) noexcept {
  memory::release_unsized(pointer);
}
void operator delete[](void* pointer, std::align_val_t, const std::nothrow_t&) noexcept {
  memory::release_unsized(pointer);
}
