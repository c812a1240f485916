// SPDX-License-Identifier: MIT
#include "10-full-server/types/intset.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "shared/util/memory.h"

namespace types {

namespace {

static_assert(std::endian::native == std::endian::little, "numbers are read as they lie");

uint32_t width_of(int64_t value) {
  if (value == static_cast<int16_t>(value)) return 2;
  return value == static_cast<int32_t>(value) ? 4 : 8;
}

template <class Int>
int64_t load(const uint8_t* at) {
  Int value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

int64_t load(const uint8_t* at, size_t width) {
  return width == 2 ? load<int16_t>(at) : width == 4 ? load<int32_t>(at) : load<int64_t>(at);
}

// The first index whose number is not less. Both halves are chosen without a jump, which nobody
// could predict.
template <class Int>
size_t lower_bound_in(const uint8_t* numbers, size_t count, int64_t value) {
  size_t low = 0;
  for (size_t length = count; length > 0;) {
    const size_t half = length / 2;
    const bool less = load<Int>(numbers + (low + half) * sizeof(Int)) < value;
    low += less ? half + 1 : 0;
    length = less ? length - half - 1 : half;
  }
  return low;
}

}  // namespace

bool IntSet::validate(std::string_view bytes) {
  if (bytes.size() < kHeaderBytes) return false;
  const auto* const at = reinterpret_cast<const uint8_t*>(bytes.data());
  const auto width = static_cast<uint32_t>(load<uint32_t>(at));
  const auto count = static_cast<uint32_t>(load<uint32_t>(at + 4));
  if ((width != 2 && width != 4 && width != 8) || count == 0) return false;
  if (bytes.size() != kHeaderBytes + uint64_t{count} * width) return false;
  const uint8_t* const numbers = at + kHeaderBytes;
  for (size_t i = 1; i < count; ++i) {
    if (load(numbers + (i - 1) * width, width) >= load(numbers + i * width, width)) return false;
  }
  return true;
}

IntSet IntSet::from(std::string_view bytes) {
  IntSet result;
  result.resize(bytes.size());
  std::memcpy(result.bytes_, bytes.data(), bytes.size());
  return result;
}

IntSet IntSet::clone() const { return bytes_ == nullptr ? IntSet() : from(bytes()); }

std::string_view IntSet::bytes() const {
  static constexpr std::string_view kEmpty("\2\0\0\0\0\0\0\0", kHeaderBytes);
  if (bytes_ == nullptr) return kEmpty;
  return {reinterpret_cast<const char*>(bytes_), byte_size()};
}

size_t IntSet::memory_size() const {
  return bytes_ == nullptr ? 0 : memory::good_size(byte_size());
}

uint32_t IntSet::read_u32(size_t offset) const {
  return static_cast<uint32_t>(load<uint32_t>(bytes_ + offset));
}

int64_t IntSet::read(size_t index, size_t width) const {
  return load(bytes_ + kHeaderBytes + index * width, width);
}

void IntSet::write(size_t index, int64_t value) {
  const size_t bytes = width();
  std::memcpy(bytes_ + kHeaderBytes + index * bytes, &value, bytes);
}

void IntSet::set_header(uint32_t width, size_t count) {
  const uint32_t header[2] = {width, static_cast<uint32_t>(count)};
  std::memcpy(bytes_, header, sizeof header);
}

// The first index whose number is not less. Numbers often come in order: the end is asked first.
size_t IntSet::lower_bound(int64_t value) const {
  const size_t count = size(), bytes = width();
  if (count == 0 || read(count - 1, bytes) < value) return count;
  const uint8_t* const numbers = bytes_ + kHeaderBytes;
  if (bytes == 2) return lower_bound_in<int16_t>(numbers, count, value);
  return bytes == 4 ? lower_bound_in<int32_t>(numbers, count, value)
                    : lower_bound_in<int64_t>(numbers, count, value);
}

bool IntSet::contains(int64_t value) const {
  if (bytes_ == nullptr || width_of(value) > width()) return false;
  const size_t index = lower_bound(value);
  return index < size() && at(index) == value;
}

// The first and only place where the allocation changes: as long as the allocator's class.
void IntSet::resize(size_t bytes) {
  const size_t old_bytes = bytes_ == nullptr ? 0 : byte_size();
  if (bytes_ != nullptr && memory::good_size(bytes) == memory::good_size(old_bytes)) return;
  auto* const fresh = static_cast<uint8_t*>(memory::allocate(memory::good_size(bytes)));
  if (bytes_ != nullptr) {
    std::memcpy(fresh, bytes_, std::min(bytes, old_bytes));
    memory::release(bytes_, memory::good_size(old_bytes));
  }
  bytes_ = fresh;
}

// Makes room for one more, wider than all: it lies below the others or above them.
void IntSet::widen(uint32_t width, bool leave_first) {
  const uint32_t old_width = this->width();
  const size_t count = size();
  resize(kHeaderBytes + (count + 1) * width);
  set_header(width, count + 1);
  const size_t shift = leave_first ? 1 : 0;
  for (size_t i = count; i-- > 0;) write(i + shift, read(i, old_width));
}

bool IntSet::insert(int64_t value) {
  if (bytes_ == nullptr || width_of(value) > width()) {
    const size_t count = size();
    widen(width_of(value), value < 0);
    write(value < 0 ? 0 : count, value);
    return true;
  }
  const size_t index = lower_bound(value);
  const size_t count = size();
  if (index < count && at(index) == value) return false;
  const size_t bytes = width();
  resize(byte_size() + bytes);
  uint8_t* const place = bytes_ + kHeaderBytes + index * bytes;
  std::memmove(place + bytes, place, (count - index) * bytes);
  set_header(width(), count + 1);
  write(index, value);
  return true;
}

bool IntSet::erase(int64_t value) {
  if (bytes_ == nullptr || width_of(value) > width()) return false;
  const size_t index = lower_bound(value);
  const size_t count = size(), bytes = width();
  if (index == count || at(index) != value) return false;
  uint8_t* const place = bytes_ + kHeaderBytes + index * bytes;
  std::memmove(place, place + bytes, (count - index - 1) * bytes);
  resize(byte_size() - bytes);
  set_header(width(), count - 1);
  return true;
}

void IntSet::clear() {
  if (bytes_ != nullptr) memory::release(bytes_, memory::good_size(byte_size()));
  bytes_ = nullptr;
}

}  // namespace types
