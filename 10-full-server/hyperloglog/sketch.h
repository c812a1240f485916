// SPDX-License-Identifier: MIT
//
// A HyperLogLog as Redis keeps it in a string, byte for byte, in memory, files and payloads:
//
//   | "HYLL" | encoding, 1 | 0 0 0 | cached count, 8, little endian | registers |
//
//   encoding 0: dense.h      1: sparse.h      the count's highest bit set: it is not up to date
//
// It is sparse until that would take more than hll-sparse-max-bytes, or a register more than 32. The bytes belong to a
// Storage. Nothing is believed of them but what is_sketch() checks; damage is noticed where registers are read. One thread.
#pragma once

#include <optional>
#include <string_view>

#include "10-full-server/hyperloglog/registers.h"

namespace hyperloglog {

// What the server is configured to. Written and read by the thread that owns the keyspace.
struct Settings {
  uint64_t sparse_max_bytes = 3000;  // header included
};
inline Settings settings;

// Where a sketch's bytes lie.
class Storage {
 public:
  virtual size_t size() const = 0;
  // Gives it `length` bytes, keeping what there was, and returns them. Valid until the next call.
  virtual char* resize(size_t length) = 0;

 protected:
  ~Storage() = default;
};

// Reads; the bytes outlive it.
class SketchView {
 public:
  explicit SketchView(std::string_view bytes) : bytes_(bytes) {}

  // Whether the bytes have a sketch's header and length; REQUIRED of everything else here.
  static bool is_sketch(std::string_view bytes);

  bool is_dense() const;
  std::string_view registers() const;  // encoded
  std::optional<uint64_t> cached_count() const;
  // Nothing: it is damaged. So below.
  std::optional<uint64_t> count() const;
  bool merge_into(Registers& registers) const;

 private:
  std::string_view bytes_;
};

class Sketch {
 public:
  // REQUIRES: the storage is empty, or holds a sketch. An empty one becomes a sketch of nothing.
  explicit Sketch(Storage& storage);

  SketchView view() const { return SketchView({bytes_, size_}); }

  enum class Outcome : uint8_t { Unchanged, Changed, Damaged };
  Outcome add(std::string_view element) { return raise(pattern_of(element)); }
  Outcome raise(Pattern pattern);
  bool become_dense();  // false: it is damaged, and stays as it was

  // The cached count is none any more; where registers are changed, raise() does so itself.
  void forget_count();
  void keep_count(uint64_t count);

 private:
  Outcome raise_sparse(Pattern pattern);

  Storage& storage_;
  char* bytes_ = nullptr;
  size_t size_ = 0;
};

}  // namespace hyperloglog
