// SPDX-License-Identifier: MIT
#include "10-full-server/hyperloglog/sparse.h"

#include <cstring>

namespace hyperloglog {

namespace {

constexpr uint8_t kLongZeros = 0x40, kValues = 0x80;
constexpr uint32_t kMostShortZeros = 64, kMostValues = 4;

bool is_value(char byte) { return (static_cast<uint8_t>(byte) & kValues) != 0; }

char value_run(uint8_t value, uint32_t length) {
  return static_cast<char>(kValues | (value - 1U) << 2 | (length - 1U));
}

// Appends `length` registers of one value to a change; none when it is 0.
void append_run(SparseChange& change, uint8_t value, uint32_t length) {
  if (length == 0) return;
  const uint32_t count = length - 1;
  char* out = change.runs.data() + change.added;
  if (value != 0) {
    *out = value_run(value, length);
    change.added += 1;
  } else if (length <= kMostShortZeros) {
    *out = static_cast<char>(count);
    change.added += 1;
  } else {
    out[0] = static_cast<char>(kLongZeros | count >> 8);
    out[1] = static_cast<char>(count & 0xff);
    change.added += 2;
  }
}

}  // namespace

SparseChange plan_raise(std::string_view runs, uint32_t index, uint8_t value) {
  SparseChange change;
  uint32_t first = 0;
  Run run;
  size_t at = 0, previous = 0;
  for (;;) {
    run = at < runs.size() ? read_run(runs, at) : Run{};
    if (run.bytes == 0) {
      change.outcome = SparseChange::Outcome::Damaged;
      return change;
    }
    if (index < first + run.length) break;
    first += run.length;
    previous = at;
    at += run.bytes;
  }
  change.at = at;
  change.previous = previous;
  if (run.value >= value) return change;
  change.outcome = SparseChange::Outcome::Change;
  change.removed = run.bytes;
  append_run(change, run.value, index - first);
  append_run(change, value, 1);
  append_run(change, run.value, first + run.length - 1 - index);
  return change;
}

// Five runs from the one before the change on are all that a change may have made joinable.
size_t join_runs(char* runs, size_t length, size_t previous) {
  size_t at = previous;
  for (int steps = 5; at < length && steps > 0; --steps) {
    if (!is_value(runs[at])) {
      at += (static_cast<uint8_t>(runs[at]) & kLongZeros) != 0 ? 2 : 1;
      continue;
    }
    if (at + 1 < length && is_value(runs[at + 1])) {
      const Run left = read_run({runs + at, 1}), right = read_run({runs + at + 1, 1});
      if (left.value == right.value && left.length + right.length <= kMostValues) {
        runs[at + 1] = value_run(left.value, left.length + right.length);
        std::memmove(runs + at, runs + at + 1, length - at - 1);
        --length;
        continue;
      }
    }
    ++at;
  }
  return length;
}

}  // namespace hyperloglog
