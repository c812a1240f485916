// SPDX-License-Identifier: MIT
#include "10-full-server/types/list_chunk.h"

#include <algorithm>

#include "shared/util/memory.h"

namespace types {

namespace {

constexpr size_t kLengthBytes = sizeof(uint64_t);
constexpr size_t kFirstBytes = 512;

uint8_t* allocate(size_t capacity) { return static_cast<uint8_t*>(memory::allocate(capacity)); }

}  // namespace

ListChunk ListChunk::packed(const EntryWriter& entry, ListEnd end, size_t limit) {
  ListChunk chunk;
  const size_t capacity = std::max(entry.size(), std::min(limit, 2 * entry.size() + kFirstBytes));
  chunk.capacity = static_cast<uint32_t>(memory::good_size(capacity));
  chunk.bytes = allocate(chunk.capacity);
  const size_t begin = end == ListEnd::Back ? 0 : chunk.capacity - entry.size();
  chunk.begin = static_cast<uint32_t>(begin);
  chunk.end = static_cast<uint32_t>(begin + entry.size());
  chunk.count = 1;
  entry.write(chunk.bytes + chunk.begin);
  return chunk;
}

ListChunk ListChunk::packed(Listpack&& pack) {
  ListChunk chunk;
  chunk.count = static_cast<uint32_t>(pack.size());
  chunk.begin = pack.begin();
  chunk.end = pack.end();
  chunk.capacity = static_cast<uint32_t>(pack.memory_size());
  chunk.bytes = reinterpret_cast<uint8_t*>(pack.release());
  return chunk;
}

ListChunk ListChunk::plain(std::string_view text) {
  ListChunk chunk;
  chunk.bytes = allocate(kLengthBytes + text.size());
  const uint64_t length = text.size();
  std::memcpy(chunk.bytes, &length, sizeof length);
  std::memcpy(chunk.bytes + kLengthBytes, text.data(), text.size());
  chunk.count = 1;
  return chunk;
}

std::string_view ListChunk::text() const {
  uint64_t length;
  std::memcpy(&length, bytes, sizeof length);
  return {reinterpret_cast<const char*>(bytes) + kLengthBytes, length};
}

ListChunk ListChunk::clone() const {
  if (is_plain()) return plain(text());
  ListChunk copy;
  copy.capacity = static_cast<uint32_t>(memory::good_size(used()));
  copy.bytes = allocate(copy.capacity);
  copy.end = static_cast<uint32_t>(used());
  copy.count = count;
  std::memcpy(copy.bytes, bytes + begin, used());
  return copy;
}

void ListChunk::destroy() {
  memory::release(bytes, is_plain() ? kLengthBytes + text().size() : capacity);
  bytes = nullptr;
}

size_t ListChunk::node_bytes() const {
  return is_plain() ? text().size() : used() + Listpack::kEmptyBytes;
}

size_t ListChunk::memory_size() const {
  return is_plain() ? memory::good_size(kLengthBytes + text().size()) : capacity;
}

ListChunk::Offset ListChunk::seek(size_t index) const {
  if (index <= count / 2) {
    Offset at = begin;
    for (; index > 0; --index) at = next(at);
    return at;
  }
  Offset at = end;
  for (; index < count; ++index) at = previous(at);
  return at;
}

// Moves [begin, at) to `fresh_begin` of `fresh_capacity` bytes, and [at, end) `added` bytes behind
// it.
void ListChunk::rearrange(Offset at, size_t added, size_t fresh_begin, size_t fresh_capacity) {
  const size_t before = at - begin, behind = end - at;
  if (fresh_capacity != capacity) {
    uint8_t* const fresh = allocate(fresh_capacity);
    std::memcpy(fresh + fresh_begin, bytes + begin, before);
    std::memcpy(fresh + fresh_begin + before + added, bytes + at, behind);
    memory::release(bytes, capacity);
    bytes = fresh;
    capacity = static_cast<uint32_t>(fresh_capacity);
  } else if (fresh_begin > begin) {  // to the right: the right part first
    std::memmove(bytes + fresh_begin + before + added, bytes + at, behind);
    std::memmove(bytes + fresh_begin, bytes + begin, before);
  } else {
    std::memmove(bytes + fresh_begin, bytes + begin, before);
    std::memmove(bytes + fresh_begin + before + added, bytes + at, behind);
  }
  begin = static_cast<uint32_t>(fresh_begin);
  end = static_cast<uint32_t>(fresh_begin + before + added + behind);
}

// Neither gap holds `added` bytes. Where an eighth or more stays free, or the limit is reached, the
// entries slide: each time most of what is free goes to the side that wants it, so that a chunk in
// which both ends grow slides a few times, not at every push.
void ListChunk::make_room(Offset at, size_t added, bool in_front, size_t limit) {
  const size_t need = used() + added;
  const size_t wanted = memory::good_size(std::max(need, std::min(2 * need, limit)));
  const bool slide = need <= capacity && (wanted <= capacity || need <= capacity / 8 * 7);
  const size_t fresh_capacity = slide ? capacity : wanted;
  const size_t free = fresh_capacity - need;
  const size_t kept = slide ? free / 4 : 0;
  rearrange(at, added, in_front ? free - kept : kept, fresh_capacity);
}

// Makes room for `added` bytes at `at`; returns where they are. The shorter side moves if its gap is
// long enough, else the other one.
uint8_t* ListChunk::open(Offset at, size_t added, size_t limit) {
  const size_t before = at - begin, behind = end - at;
  const bool fits_front = begin >= added, fits_back = capacity - end >= added;
  const bool in_front = before < behind;
  if (fits_front && (in_front || !fits_back)) {
    if (before > 0) std::memmove(bytes + begin - added, bytes + begin, before);
    begin -= static_cast<uint32_t>(added);
  } else if (fits_back) {
    if (behind > 0) std::memmove(bytes + at + added, bytes + at, behind);
    end += static_cast<uint32_t>(added);
  } else {
    make_room(at, added, in_front, limit);
  }
  return bytes + begin + before;
}

void ListChunk::insert(Offset at, const EntryWriter& entry, size_t limit) {
  entry.write(open(at, entry.size(), limit));
  ++count;
}

void ListChunk::replace(Offset at, const EntryWriter& entry, size_t limit) {
  const size_t old = entry_size(bytes + at);
  if (old == entry.size()) {
    entry.write(bytes + at);
    return;
  }
  const Offset behind = erase(at, static_cast<Offset>(at + old), 1);
  insert(behind, entry, limit);
  fit();
}

ListChunk::Offset ListChunk::erase(Offset at, Offset to, size_t entries) {
  const size_t before = at - begin, behind = end - to, removed = to - at;
  count -= static_cast<uint32_t>(entries);
  if (before < behind) {
    if (before > 0) std::memmove(bytes + begin + removed, bytes + begin, before);
    begin += static_cast<uint32_t>(removed);
    return to;
  }
  if (behind > 0) std::memmove(bytes + at, bytes + to, behind);
  end -= static_cast<uint32_t>(removed);
  return at;
}

ListChunk ListChunk::split(Offset at) {
  ListChunk tail = *this;
  tail.begin = at;
  tail.count = 0;
  for (Offset each = at; each != end; each = next(each)) ++tail.count;
  ListChunk copy = tail.clone();
  end = at;
  count -= copy.count;
  fit();
  return copy;
}

void ListChunk::append(const ListChunk& other, size_t limit) {
  std::memcpy(open(end, other.used(), limit), other.bytes + other.begin, other.used());
  count += other.count;
}

void ListChunk::fit() {
  const size_t tight = memory::good_size(used());
  if (!is_plain() && tight < capacity / 4 * 3) rearrange(end, 0, 0, tight);
}

std::string_view ListChunk::node(util::ByteBuffer& buffer) const {
  if (is_plain()) return text();
  const size_t total = node_bytes();
  const size_t elements = std::min<size_t>(count, Listpack::kUnknownCount);
  buffer.clear();
  for (size_t i = 0; i < 4; ++i) buffer.push_back(static_cast<char>(total >> 8 * i));
  for (size_t i = 0; i < 2; ++i) buffer.push_back(static_cast<char>(elements >> 8 * i));
  buffer.append({reinterpret_cast<const char*>(bytes) + begin, used()});
  buffer.push_back(static_cast<char>(kListpackEnd));
  return buffer.view();
}

Listpack ListChunk::to_listpack() const {
  util::ByteBuffer buffer;
  return Listpack::from(node(buffer));
}

}  // namespace types
