// SPDX-License-Identifier: MIT
//
// Registers one behind the other, six bits each, the lowest bits of a byte first:
//
//   | 11000000 | 22221111 | 33333322 | 55444444 | …      12288 bytes
//
// Functions over bytes that somebody else owns; `registers` points to kDenseBytes of them.
#pragma once

#include "10-full-server/hyperloglog/registers.h"

namespace hyperloglog {

inline constexpr size_t kDenseBytes = kRegisters * kRegisterBits / 8;

uint8_t dense_get(const char* registers, uint32_t index);
void dense_set(char* registers, uint32_t index, uint8_t value);
// False: the register had this value or a higher one.
bool dense_raise(char* registers, uint32_t index, uint8_t value);
Histogram dense_histogram(const char* registers);
// Raises each register of `into`.
void dense_merge(const char* registers, Registers& into);

}  // namespace hyperloglog
