// SPDX-License-Identifier: MIT
#include "10-full-server/hyperloglog/sketch.h"

#include <array>
#include <cstring>

#include "10-full-server/hyperloglog/dense.h"
#include "10-full-server/hyperloglog/sparse.h"

namespace hyperloglog {

namespace {

constexpr std::string_view kMagic = "HYLL";
constexpr size_t kEncodingAt = 4, kCountAt = 8, kHeaderBytes = 16;
constexpr char kDense = 0, kSparse = 1;
constexpr uint64_t kOutOfDate = uint64_t{1} << 63;

void write_count(char* bytes, uint64_t count) {
  for (size_t i = 0; i < 8; ++i) bytes[kCountAt + i] = static_cast<char>(count >> 8 * i & 0xff);
}

}  // namespace

bool SketchView::is_sketch(std::string_view bytes) {
  if (bytes.size() < kHeaderBytes || !bytes.starts_with(kMagic)) return false;
  if (bytes[kEncodingAt] == kDense) return bytes.size() == kHeaderBytes + kDenseBytes;
  return bytes[kEncodingAt] == kSparse;
}

bool SketchView::is_dense() const { return bytes_[kEncodingAt] == kDense; }

std::string_view SketchView::registers() const { return bytes_.substr(kHeaderBytes); }

std::optional<uint64_t> SketchView::cached_count() const {
  uint64_t count = 0;
  for (size_t i = 0; i < 8; ++i) {
    count |= uint64_t{static_cast<uint8_t>(bytes_[kCountAt + i])} << 8 * i;
  }
  if ((count & kOutOfDate) != 0) return std::nullopt;
  return count;
}

std::optional<uint64_t> SketchView::count() const {
  if (is_dense()) return estimate(dense_histogram(registers().data()));
  Histogram histogram{};
  const bool sound =
      for_each_run(registers(), [&](uint32_t, Run run) { histogram[run.value] += run.length; });
  if (!sound) return std::nullopt;
  return estimate(histogram);
}

bool SketchView::merge_into(Registers& into) const {
  if (is_dense()) return dense_merge(registers().data(), into), true;
  return for_each_run(registers(), [&](uint32_t first, Run run) {
    if (run.value == 0) return;
    for (uint32_t i = first; i < first + run.length; ++i) {
      if (into[i] < run.value) into[i] = run.value;
    }
  });
}

Sketch::Sketch(Storage& storage) : storage_(storage), size_(storage.size()) {
  const bool is_new = size_ == 0;
  if (is_new) size_ = kHeaderBytes + kEmptyRuns.size();
  bytes_ = storage.resize(size_);
  if (!is_new) return;
  std::memset(bytes_, 0, kHeaderBytes);
  kMagic.copy(bytes_, kMagic.size());
  bytes_[kEncodingAt] = kSparse;
  kEmptyRuns.copy(bytes_ + kHeaderBytes, kEmptyRuns.size());
}

void Sketch::forget_count() {
  char& highest = bytes_[kCountAt + 7];  // the rest of the old count stays, as in Redis
  highest = static_cast<char>(highest | 0x80);
}

void Sketch::keep_count(uint64_t count) { write_count(bytes_, count); }

bool Sketch::become_dense() {
  if (view().is_dense()) return true;
  std::array<char, kDenseBytes> registers{};
  const bool sound = for_each_run(view().registers(), [&](uint32_t first, Run run) {
    if (run.value == 0) return;
    for (uint32_t i = first; i < first + run.length; ++i) {
      dense_set(registers.data(), i, run.value);
    }
  });
  if (!sound) return false;
  size_ = kHeaderBytes + kDenseBytes;
  bytes_ = storage_.resize(size_);
  bytes_[kEncodingAt] = kDense;
  std::memcpy(bytes_ + kHeaderBytes, registers.data(), registers.size());
  return true;
}

Sketch::Outcome Sketch::raise(Pattern pattern) {
  if (!view().is_dense() && pattern.run <= kHighestSparseValue) return raise_sparse(pattern);
  if (!become_dense()) return Outcome::Damaged;
  if (!dense_raise(bytes_ + kHeaderBytes, pattern.index, pattern.run)) return Outcome::Unchanged;
  forget_count();
  return Outcome::Changed;
}

Sketch::Outcome Sketch::raise_sparse(Pattern pattern) {
  const SparseChange change = plan_raise(view().registers(), pattern.index, pattern.run);
  if (change.outcome == SparseChange::Outcome::None) return Outcome::Unchanged;
  if (change.outcome == SparseChange::Outcome::Damaged) return Outcome::Damaged;
  const size_t grown = size_ - change.removed + change.added;
  if (grown > size_ && grown > settings.sparse_max_bytes) {
    if (!become_dense()) return Outcome::Damaged;
    return raise(pattern);
  }
  const size_t behind = size_ - kHeaderBytes - change.at - change.removed;
  if (grown > size_) bytes_ = storage_.resize(grown);
  char* const runs = bytes_ + kHeaderBytes;
  char* const at = runs + change.at;
  std::memmove(at + change.added, at + change.removed, behind);
  std::memcpy(at, change.runs.data(), change.added);
  size_ = kHeaderBytes + join_runs(runs, grown - kHeaderBytes, change.previous);
  if (size_ != storage_.size()) bytes_ = storage_.resize(size_);
  forget_count();
  return Outcome::Changed;
}

}  // namespace hyperloglog
