// SPDX-License-Identifier: MIT
// Keys look like redis-benchmark's: `key:000000000042` at the default size of 16, so that both
// tools put the same work on a server.
#include "10-full-server/bench/request_batch.h"

#include <algorithm>
#include <stdexcept>

namespace bench {
namespace {

constexpr std::size_t kNumberDigits = 12;
constexpr std::size_t kMostDigits = 20;  // of a 64-bit number; a longer key gets a longer prefix

// The template's words. Throws on an open quote.
std::vector<std::string> split_words(std::string_view command) {
  std::vector<std::string> words;
  bool quoted = false;
  bool in_word = false;
  for (const char c : command) {
    if (c == '"') {
      quoted = !quoted;
      if (!in_word) words.emplace_back();
      in_word = true;
    } else if (c == ' ' && !quoted) {
      in_word = false;
    } else {
      if (!in_word) words.emplace_back();
      in_word = true;
      words.back().push_back(c);
    }
  }
  if (quoted) throw std::invalid_argument("the command template has an open quote");
  if (words.empty()) throw std::invalid_argument("the command template is empty");
  return words;
}

void require_room(std::uint64_t keys, std::size_t digits, std::string_view what) {
  std::uint64_t room = 1;
  for (std::size_t i = 0; i < digits && room < keys; ++i) room *= 10;
  if (room < keys) {
    throw std::invalid_argument(std::to_string(keys) + " keys do not fit into " +
                                std::string(what) + " of " + std::to_string(digits) + " digits");
  }
}

std::string blank_key(const RequestShape& shape, std::size_t& digits) {
  const std::size_t prefix = shape.key_prefix.size();
  std::string key = shape.key_size >= prefix + 4 ? shape.key_prefix : "";
  digits = std::min(shape.key_size - key.size(), kMostDigits);
  key.append(shape.key_size - key.size() - digits, '.');
  return key.append(digits, '0');
}

// One argument with its placeholders filled; patch offsets count from the argument's start.
std::string render_word(std::string_view word, const RequestShape& shape,
                        std::vector<Patch>& patches) {
  std::string out;
  while (!word.empty()) {
    if (word.starts_with("{key}")) {
      std::size_t digits = 0;
      out += blank_key(shape, digits);
      require_room(shape.keys, digits, "a key");
      patches.push_back({out.size() - digits, digits});
      word.remove_prefix(5);
    } else if (word.starts_with("{value}")) {
      out.append(shape.value_size, 'x');
      word.remove_prefix(7);
    } else if (word.starts_with("{number}")) {
      require_room(shape.keys, kNumberDigits, "a number");
      out.append(kNumberDigits, '0');
      patches.push_back({out.size() - kNumberDigits, kNumberDigits});
      word.remove_prefix(8);
    } else {
      out.push_back(word.front());
      word.remove_prefix(1);
    }
  }
  return out;
}

}  // namespace

RenderedRequest render_request(const RequestShape& shape) {
  if (shape.key_size == 0) throw std::invalid_argument("a key needs at least one byte");
  if (shape.keys == 0) throw std::invalid_argument("the key range is empty");
  if (shape.raw) {
    if (shape.value_size == 0) throw std::invalid_argument("a raw message needs at least one byte");
    return {std::string(shape.value_size, 'x'), {}};
  }
  const std::vector<std::string> words = split_words(shape.command);
  RenderedRequest request{"*" + std::to_string(words.size()) + "\r\n", {}};
  for (const std::string& word : words) {
    std::vector<Patch> patches;
    const std::string argument = render_word(word, shape, patches);
    request.bytes += "$" + std::to_string(argument.size()) + "\r\n";
    for (const Patch& patch : patches) {
      request.patches.push_back({request.bytes.size() + patch.offset, patch.digits});
    }
    request.bytes += argument + "\r\n";
  }
  return request;
}

KeySequence::KeySequence(std::uint64_t keys, KeyOrder order, std::uint64_t seed)
    : keys_(keys), order_(order), state_(order == KeyOrder::Sequential ? 0 : seed) {}

std::uint64_t KeySequence::next() {
  if (order_ == KeyOrder::Sequential) {
    const std::uint64_t key = state_;
    state_ = state_ + 1 == keys_ ? 0 : state_ + 1;
    return key;
  }
  // SplitMix64 (Steele, Lea, Flood 2014); the high half of the product maps it onto the range
  // without division.
  std::uint64_t z = state_ += 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  z ^= z >> 31;
  if (keys_ <= 0xffffffffULL) return ((z >> 32) * keys_) >> 32;
  return z % keys_;
}

RequestBatch::RequestBatch(const RenderedRequest& request, std::size_t depth, KeySequence keys)
    : request_size_(request.bytes.size()), patches_(request.patches), keys_(keys) {
  bytes_.reserve(request_size_ * depth);
  for (std::size_t i = 0; i < depth; ++i) bytes_ += request.bytes;
}

std::string_view RequestBatch::prepare(std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    char* const request = bytes_.data() + i * request_size_;
    for (const Patch& patch : patches_) {
      std::uint64_t number = keys_.next();
      char* digit = request + patch.offset + patch.digits;
      for (std::size_t left = patch.digits; left > 0; --left) {
        *--digit = static_cast<char>('0' + number % 10);
        number /= 10;
      }
    }
  }
  return std::string_view(bytes_).substr(0, n * request_size_);
}

}  // namespace bench
