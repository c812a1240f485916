// SPDX-License-Identifier: MIT
// Requests rendered once: a command template becomes wire bytes, repeated to the pipeline depth;
// before a batch is sent, only the digits of its keys are rewritten in place. In a template, {key}
// is a key of fixed size (another one at each place), {value} a value of fixed size, {number} a
// zero-padded number below the key range; words are parted by spaces, "quoted words" keep theirs.
// Single-threaded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

struct RequestShape {
  std::string command;              // the template
  std::string key_prefix = "key:";  // left out where the key is too short for it
  std::size_t key_size = 16;
  std::size_t value_size = 8;
  std::uint64_t keys = 100'000;
  bool raw = false;  // stage 01: the request is value_size bytes and no RESP
};

// Where a key's digits stand in a request.
struct Patch {
  std::size_t offset;
  std::size_t digits;
};

struct RenderedRequest {
  std::string bytes;
  std::vector<Patch> patches;
};

// Throws std::invalid_argument, whose text is one clear line, on a bad template or sizes that do
// not fit.
[[nodiscard]] RenderedRequest render_request(const RequestShape& shape);

enum class KeyOrder { Random, Sequential };

// The numbers of the keys to use: below `keys`, in order and then again from 0, or uniformly random
// from a seed.
class KeySequence {
 public:
  KeySequence(std::uint64_t keys, KeyOrder order, std::uint64_t seed);
  [[nodiscard]] std::uint64_t next();

 private:
  std::uint64_t keys_;
  KeyOrder order_;
  std::uint64_t state_;
};

class RequestBatch {
 public:
  RequestBatch(const RenderedRequest& request, std::size_t depth, KeySequence keys);

  // `n` requests with fresh keys, 1 <= n <= depth. Valid until the next call.
  [[nodiscard]] std::string_view prepare(std::size_t n);

 private:
  std::size_t request_size_;
  std::vector<Patch> patches_;
  std::string bytes_;
  KeySequence keys_;
};

}  // namespace bench
