// SPDX-License-Identifier: MIT
// Slicing by 16: sixteen tables, each for a byte that many places before the end of the block, so
// that a block's lookups do not wait for one another.
#include "shared/util/crc64.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstring>
#include <utility>

namespace util {

static constexpr size_t kSlices = 16;
static constexpr uint64_t kReflectedPolynomial =
    0x95ac9329ac4bc9b5;  // 0xad93d23594c935a9, bits turned round

using Tables = std::array<std::array<uint64_t, 256>, kSlices>;

// tables[n][byte]: what `byte` leaves in the register after itself and n zero bytes.
static constexpr Tables make_tables() {
  Tables tables{};
  for (size_t byte = 0; byte < 256; ++byte) {
    uint64_t crc = byte;
    for (int bit = 0; bit < 8; ++bit)
      crc = (crc >> 1) ^ ((crc & 1) != 0 ? kReflectedPolynomial : 0);
    tables[0][byte] = crc;
  }
  for (size_t n = 1; n < kSlices; ++n) {
    for (size_t byte = 0; byte < 256; ++byte) {
      const uint64_t before = tables[n - 1][byte];
      tables[n][byte] = (before >> 8) ^ tables[0][before & 0xff];
    }
  }
  return tables;
}

static constexpr Tables kTables = make_tables();

static uint64_t load_little_endian(const char* bytes) {
  uint64_t word;
  std::memcpy(&word, bytes, sizeof word);
  if constexpr (std::endian::native == std::endian::big) {
    uint64_t turned = 0;
    for (int i = 0; i < 8; ++i) turned = (turned << 8) | ((word >> (8 * i)) & 0xff);
    word = turned;
  }
  return word;
}

// The eight bytes of `word`, of which the first stands `Places` bytes before the end of its block.
template <size_t Places, size_t... I>
static uint64_t look_up(uint64_t word, std::index_sequence<I...>) {
  return (kTables[Places - 1 - I][(word >> (8 * I)) & 0xff] ^ ...);
}

uint64_t crc64(uint64_t crc, std::string_view bytes) {
  constexpr std::make_index_sequence<8> eight;
  const char* next = bytes.data();
  size_t left = bytes.size();
  for (; left >= kSlices; next += kSlices, left -= kSlices) {
    crc = look_up<16>(crc ^ load_little_endian(next), eight) ^
          look_up<8>(load_little_endian(next + 8), eight);
  }
  for (; left > 0; ++next, --left) {
    crc = (crc >> 8) ^ kTables[0][(crc ^ static_cast<unsigned char>(*next)) & 0xff];
  }
  return crc;
}

}  // namespace util
