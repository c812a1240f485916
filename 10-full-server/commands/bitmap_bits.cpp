// SPDX-License-Identifier: MIT
#include "10-full-server/commands/bitmap_bits.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace full_server {

namespace {

constexpr size_t kWord = sizeof(uint64_t);
constexpr size_t kBlock = 4 * kWord;

uint64_t load_word(const char* at) {
  uint64_t word;
  std::memcpy(&word, at, kWord);
  return word;
}

uint8_t byte_at(std::string_view bytes, uint64_t index) {
  return static_cast<uint8_t>(bytes[index]);
}

// Four sums, so that no addition waits for the one before it.
inline __attribute__((always_inline)) uint64_t count_blocks(const char* at, size_t blocks) {
  uint64_t sums[4] = {};
  for (; blocks > 0; --blocks, at += kBlock) {
    for (size_t i = 0; i < 4; ++i) {
      sums[i] += static_cast<uint64_t>(std::popcount(load_word(at + i * kWord)));
    }
  }
  return sums[0] + sums[1] + sums[2] + sums[3];
}

#if defined(__x86_64__)
// The compiler may not assume the instruction, which every machine since 2008 has.
__attribute__((target("popcnt"))) uint64_t count_with_instruction(const char* at, size_t blocks) {
  return count_blocks(at, blocks);
}
uint64_t count_portably(const char* at, size_t blocks) { return count_blocks(at, blocks); }

uint64_t count_whole_blocks(const char* at, size_t blocks) {
  static const bool has_instruction = __builtin_cpu_supports("popcnt") != 0;
  return has_instruction ? count_with_instruction(at, blocks) : count_portably(at, blocks);
}
#else
uint64_t count_whole_blocks(const char* at, size_t blocks) { return count_blocks(at, blocks); }
#endif

uint64_t big_endian(uint64_t word) {
  return std::endian::native == std::endian::little ? __builtin_bswap64(word) : word;
}

}  // namespace

uint64_t count_bits(std::string_view bytes) {
  const size_t blocks = bytes.size() / kBlock;
  uint64_t count = count_whole_blocks(bytes.data(), blocks);
  size_t at = blocks * kBlock;
  for (; at + kWord <= bytes.size(); at += kWord) {
    count += static_cast<uint64_t>(std::popcount(load_word(bytes.data() + at)));
  }
  for (; at < bytes.size(); ++at) {
    count += static_cast<uint64_t>(std::popcount(byte_at(bytes, at)));
  }
  return count;
}

uint64_t count_bits(std::string_view bytes, BitRange range) {
  const uint64_t first = range.first / 8;
  const uint64_t last = range.last / 8;
  const auto before = static_cast<unsigned>(byte_at(bytes, first)) >> (8 - range.first % 8);
  const auto behind =
      static_cast<unsigned>(byte_at(bytes, last)) & ((1U << (7 - range.last % 8)) - 1);
  return count_bits(bytes.substr(first, last - first + 1)) -
         static_cast<uint64_t>(std::popcount(before) + std::popcount(behind));
}

// A bit of the other value is a zero in a word that is combined with `flip`: words of zeros are skipped.
std::optional<uint64_t> find_bit(std::string_view bytes, bool value, BitRange range) {
  const uint64_t flip = value ? 0 : ~uint64_t{0};
  const uint64_t end = range.last / 8 + 1;
  const auto found = [&](uint64_t bit) {
    return bit <= range.last ? std::optional(bit) : std::nullopt;
  };
  uint64_t at = range.first / 8;
  const auto first = static_cast<uint8_t>((byte_at(bytes, at) ^ flip) & (0xFFU >> range.first % 8));
  if (first != 0) return found(8 * at + static_cast<uint64_t>(std::countl_zero(first)));
  ++at;
  const char* const data = bytes.data();
  while (at + kBlock <= end) {
    uint64_t any = 0;
    for (size_t i = 0; i < 4; ++i) any |= load_word(data + at + i * kWord) ^ flip;
    if (any != 0) break;
    at += kBlock;
  }
  for (; at + kWord <= end; at += kWord) {
    const uint64_t word = big_endian(load_word(data + at) ^ flip);
    if (word != 0) return found(8 * at + static_cast<uint64_t>(std::countl_zero(word)));
  }
  for (; at < end; ++at) {
    const auto byte = static_cast<uint8_t>(byte_at(bytes, at) ^ flip);
    if (byte != 0) return found(8 * at + static_cast<uint64_t>(std::countl_zero(byte)));
  }
  return std::nullopt;
}

// out[i] = operation(out[i], from[i]); from may be `out`.
template <class Operation>
static void apply(char* out, const char* from, size_t length, Operation operation) {
  size_t at = 0;
  for (; at + kBlock <= length; at += kBlock) {
    uint64_t into[4], with[4];
    std::memcpy(into, out + at, kBlock);
    std::memcpy(with, from + at, kBlock);
    for (size_t i = 0; i < 4; ++i) into[i] = operation(into[i], with[i]);
    std::memcpy(out + at, into, kBlock);
  }
  for (; at < length; ++at) {
    const auto into = static_cast<uint8_t>(out[at]), with = static_cast<uint8_t>(from[at]);
    out[at] = static_cast<char>(operation(uint64_t{into}, uint64_t{with}));
  }
}

static void apply(BitOperation operation, char* out, std::string_view from, size_t length) {
  using Word = uint64_t;
  switch (operation) {
    case BitOperation::And:
      apply(out, from.data(), from.size(), [](Word a, Word b) { return a & b; });
      std::fill(out + from.size(), out + length, '\0');
      break;
    case BitOperation::Or:
      apply(out, from.data(), from.size(), [](Word a, Word b) { return a | b; });
      break;
    case BitOperation::Xor:
      apply(out, from.data(), from.size(), [](Word a, Word b) { return a ^ b; });
      break;
    case BitOperation::Not:
      break;
  }
}

// A piece of the result at a time, so that it stays in the CPU's first cache while the sources are added to it.
void combine_bits(BitOperation operation, std::span<const std::string_view> sources, char* out,
                  size_t length) {
  constexpr size_t kPiece = 16 * 1024;
  for (size_t at = 0; at < length; at += kPiece) {
    const size_t size = std::min(kPiece, length - at);
    const auto piece = [&](std::string_view source) {
      return at < source.size() ? source.substr(at, size) : std::string_view();
    };
    const std::string_view first = piece(sources[0]);
    std::copy(first.begin(), first.end(), out + at);
    std::fill(out + at + first.size(), out + at + size, '\0');
    if (operation == BitOperation::Not) {
      apply(out + at, out + at, size, [](uint64_t word, uint64_t) { return ~word; });
    }
    for (const std::string_view source : sources.subspan(1)) {
      apply(operation, out + at, piece(source), size);
    }
  }
}

}  // namespace full_server
