// SPDX-License-Identifier: MIT
//
// The one place where memory is counted. operator new and delete of the whole program end here, and
// so do entries and blobs, whose size is known when they are freed. What is counted is the real
// size of an allocation (the allocator's size class), per thread and without locks; used() adds the
// threads up. Works with jemalloc or any malloc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace memory {

// Never returns null: out of memory ends the process with one line, as Redis does.
void* allocate(size_t size);
void release(void* pointer,
             size_t size) noexcept;  // `size` as it was asked for; frees without a look-up

// The real size that an allocation of `size` bytes takes, as it is counted. Only `size` of them may
// be used.
size_t good_size(size_t size) noexcept;

uint64_t used() noexcept;     // bytes in live allocations of all threads
uint64_t peak() noexcept;     // the highest used() that sample_peak() has seen
void sample_peak() noexcept;  // called by cron and INFO
uint64_t
resident() noexcept;  // bytes of physical memory of this process; 0 where the system does not tell
uint64_t system_total() noexcept;
std::string_view allocator_name() noexcept;  // "jemalloc-5.3.0", "libc"

}  // namespace memory
