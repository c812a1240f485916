// SPDX-License-Identifier: MIT
//
// Memory that reads as zeros and is not resident before it is touched: for the segments of tables,
// which fill slowly. Counted and released like any other (memory.h).
#pragma once

#include <cstddef>

namespace memory {

// Never returns null. What is big begins at a page: jemalloc would else shift it by a random part of
// one, and a segment of eight pages would lie in nine. To be freed by release(pointer, size).
void* allocate_zeroed(size_t size);

}  // namespace memory
