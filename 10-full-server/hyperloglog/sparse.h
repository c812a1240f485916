// SPDX-License-Identifier: MIT
//
// Registers as runs of equal values, while most of them are zero; an empty sketch takes two bytes:
//
//   00llllll             l + 1 registers that are 0 (up to 64)
//   01llllll llllllll    l + 1 registers that are 0 (up to 16384)
//   1vvvvvll             l + 1 registers (up to 4) whose value is v + 1 (up to 32)
//
// Runs follow each other without a gap and make 16384 registers together, or the bytes are damaged. The way in which a
// run is split and joined again is Redis', so that the same elements make the same bytes. Functions over bytes that
// somebody else owns.
#pragma once

#include <array>
#include <string_view>

#include "10-full-server/hyperloglog/registers.h"

namespace hyperloglog {

inline constexpr unsigned kHighestSparseValue = 32;
inline constexpr std::string_view kEmptyRuns("\x7f\xff", 2);

struct Run {
  uint32_t length = 0;  // registers
  uint8_t value = 0;
  uint8_t bytes = 0;  // 0: cut off
};
// The run that begins at `at`. REQUIRES: at < runs.size()
inline Run read_run(std::string_view runs, size_t at = 0) {
  const auto first = static_cast<uint8_t>(runs[at]);
  if (first >= 0x80) return {(first & 3U) + 1, static_cast<uint8_t>((first >> 2 & 0x1f) + 1), 1};
  if (first < 0x40) return {first + 1U, 0, 1};
  if (runs.size() - at < 2) return {};
  return {((first & 0x3fU) << 8 | static_cast<uint8_t>(runs[at + 1])) + 1, 0, 2};
}

// False: the runs do not make up all registers; what was visited until then is worth nothing.
template <class Visit>  // void(uint32_t first, Run run)
bool for_each_run(std::string_view runs, Visit&& visit) {
  uint32_t first = 0;
  for (size_t at = 0; at < runs.size();) {
    const Run run = read_run(runs, at);
    if (run.bytes == 0 || run.length > kRegisters - first) return false;
    visit(first, run);
    first += run.length;
    at += run.bytes;
  }
  return first == kRegisters;
}

// What raising one register does to the runs: `removed` bytes at `at` become the first `added` of `runs`.
struct SparseChange {
  enum class Outcome : uint8_t { None, Change, Damaged } outcome = Outcome::None;
  size_t at = 0;
  size_t previous = 0;  // where the run before it begins, or it itself
  size_t removed = 0;
  size_t added = 0;
  std::array<char, 5> runs{};
};
// REQUIRES: value <= kHighestSparseValue.
SparseChange plan_raise(std::string_view runs, uint32_t index, uint8_t value);
// Joins runs of one value around a change, from `previous` on. The new length.
size_t join_runs(char* runs, size_t length, size_t previous);

}  // namespace hyperloglog
