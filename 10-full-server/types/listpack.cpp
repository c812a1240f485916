// SPDX-License-Identifier: MIT
#include "10-full-server/types/listpack.h"

#include <cassert>

#include "shared/util/memory.h"

namespace types {

namespace {

constexpr std::string_view kEmpty("\x07\0\0\0\0\0\xff", Listpack::kEmptyBytes);

void write_total(uint8_t* bytes, size_t total) {
  for (size_t i = 0; i < 4; ++i) bytes[i] = static_cast<uint8_t>(total >> 8 * i);
}

uint8_t* allocate(size_t total) {
  return static_cast<uint8_t*>(memory::allocate(memory::good_size(total)));
}

}  // namespace

bool Listpack::validate(std::string_view bytes) {
  return validate(bytes, [](PackedValue) { return true; });
}

bool Listpack::validate(std::string_view bytes, util::FunctionRef<bool(PackedValue)> visit) {
  if (bytes.size() < kEmptyBytes) return false;
  const auto* const first = reinterpret_cast<const uint8_t*>(bytes.data());
  const uint8_t* const last = first + bytes.size() - 1;
  if (read_little_endian(first, 4) != bytes.size() || *last != kListpackEnd) return false;
  size_t count = 0;
  for (const uint8_t* at = first + kHeaderBytes; at != last; ++count) {
    const size_t size = checked_entry_size(at, static_cast<size_t>(last - at));
    if (size == 0 || !visit(entry_value(at))) return false;
    at += size;
  }
  const size_t said = read_little_endian(first + 4, 2);
  return said == kUnknownCount || said == count;
}

Listpack Listpack::from(std::string_view bytes) {
  Listpack result;
  if (bytes.size() == kEmptyBytes) return result;
  result.bytes_ = allocate(bytes.size());
  std::memcpy(result.bytes_, bytes.data(), bytes.size());
  return result;
}

std::string_view Listpack::bytes() const {
  if (bytes_ == nullptr) return kEmpty;
  return {reinterpret_cast<const char*>(bytes_), byte_size()};
}

size_t Listpack::memory_size() const {
  return bytes_ == nullptr ? 0 : memory::good_size(byte_size());
}

size_t Listpack::size() const {
  if (bytes_ == nullptr) return 0;
  if (const size_t said = header_count(); said != kUnknownCount) return said;
  size_t count = 0;
  for (Position at = begin(); at != end(); at = next(at)) ++count;
  return count;
}

Listpack::Position Listpack::seek(int64_t index) const {
  if (empty()) return end();
  const size_t said = header_count();
  if (said != kUnknownCount) {
    const auto count = static_cast<int64_t>(said);
    if (index < -count || index >= count) return end();
    // From the nearer end.
    if (index < 0 && index < -count / 2) index += count;
    if (index > count / 2) index -= count;
  }
  if (index >= 0) {
    Position at = begin();
    for (; index > 0 && at != end(); --index) at = next(at);
    return at;
  }
  Position at = end();
  for (; index < 0; ++index) {
    if (at == begin()) return end();
    at = previous(at);
  }
  return at;
}

Listpack::Position Listpack::find(std::string_view text, Position from, size_t stride) const {
  const PackedNeedle needle(text);
  const Position stop = end();
  for (Position at = from; at != stop;) {
    if (needle.matches(value(at))) return at;
    for (size_t i = 0; i < stride && at != stop; ++i) at = next(at);
  }
  return stop;
}

// Makes `removed` bytes at `at` into `added` ones, which the caller writes.
uint8_t* Listpack::splice(size_t at, size_t removed, size_t added) {
  const size_t old_total = byte_size();
  const size_t total = old_total - removed + added;
  assert(total <= UINT32_MAX);
  const size_t behind = old_total - at - removed;
  if (bytes_ == nullptr || memory::good_size(total) != memory::good_size(old_total)) {
    const std::string_view old = bytes();
    uint8_t* const fresh = allocate(total);
    std::memcpy(fresh, old.data(), at);
    std::memcpy(fresh + at + added, old.data() + at + removed, behind);
    if (bytes_ != nullptr) memory::release(bytes_, memory::good_size(old_total));
    bytes_ = fresh;
  } else if (removed != added) {
    std::memmove(bytes_ + at + added, bytes_ + at + removed, behind);
  }
  write_total(bytes_, total);
  return bytes_ + at;
}

void Listpack::set_size(size_t count) {
  if (count > kUnknownCount) count = kUnknownCount;
  bytes_[4] = static_cast<uint8_t>(count);
  bytes_[5] = static_cast<uint8_t>(count >> 8);
}

// What is not known stays so, as in Redis: counting it anew would be a walk.
void Listpack::add_to_size(int64_t count) {
  const size_t said = header_count();
  if (said != kUnknownCount) set_size(static_cast<size_t>(static_cast<int64_t>(said) + count));
}

void Listpack::insert(Position at, const EntryWriter& entry) {
  entry.write(splice(at, 0, entry.size()));
  add_to_size(1);
}

void Listpack::replace(Position at, const EntryWriter& entry) {
  entry.write(splice(at, entry_size(bytes_ + at), entry.size()));
}

void Listpack::erase(Position at, size_t count) {
  const Position stop = end();
  Position behind = at;
  int64_t erased = 0;
  for (; count > 0 && behind != stop; --count, ++erased) behind = next(behind);
  if (erased == 0) return;
  splice(at, behind - at, 0);
  add_to_size(-erased);
}

void Listpack::append_all(const Listpack& other) {
  if (other.empty()) return;
  const size_t count = size() + other.size();
  const std::string_view theirs = other.bytes().substr(kHeaderBytes);
  const size_t length = theirs.size() - 1;
  std::memcpy(splice(end(), 0, length), theirs.data(), length);
  set_size(count);
}

Listpack Listpack::split(Position at) {
  const size_t length = end() - at;
  if (length == 0) return {};
  size_t count = 0;
  for (Position each = at; each != end(); each = next(each)) ++count;
  Listpack tail;
  std::memcpy(tail.splice(kHeaderBytes, 0, length), bytes_ + at, length);
  tail.set_size(count);
  splice(at, length, 0);
  add_to_size(-static_cast<int64_t>(count));
  return tail;
}

void Listpack::clear() {
  if (bytes_ != nullptr) memory::release(bytes_, memory::good_size(byte_size()));
  bytes_ = nullptr;
}

}  // namespace types
