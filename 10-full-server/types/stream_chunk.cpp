// SPDX-License-Identifier: MIT
#include "10-full-server/types/stream_chunk.h"

#include <algorithm>
#include <cassert>

#include "10-full-server/types/listpack.h"
#include "shared/util/memory.h"

namespace types {

namespace {

constexpr int64_t kDeleted = 1, kSameFields = 2;
constexpr size_t kNumberBytes = 10;   // the most that a number takes
constexpr size_t kTextOverhead = 10;  // … and a text beyond its own bytes
constexpr size_t kGrowTo = 4096;      // beyond it, a chunk takes what it needs

const uint8_t* skip(const uint8_t* at, size_t count) {
  for (; count > 0; --count) at += entry_size(at);
  return at;
}

int64_t number_at(const uint8_t* at) { return entry_value(at).number(); }

void write_little_endian(uint64_t value, size_t count, uint8_t* out) {
  for (size_t i = 0; i < count; ++i) out[i] = static_cast<uint8_t>(value >> 8 * i);
}

size_t room_for(StreamFields texts) {
  size_t room = 5 * kNumberBytes;
  for (const std::string_view text : texts) room += text.size() + kTextOverhead;
  return room;
}

}  // namespace

// Writes elements one behind the other where there is room already.
class ElementWriter {
 public:
  void text(std::string_view text) { write(EntryWriter(text)); }
  void number(int64_t number) {
    if (number >= 0 && number <= 127) {
      out[0] = static_cast<uint8_t>(number);
      out[1] = 1;
      out += 2;
      ++count;
      return;
    }
    write(EntryWriter(number));
  }

  uint8_t* out = nullptr;
  size_t count = 0;

 private:
  void write(const EntryWriter& entry) {
    entry.write(out);
    out += entry.size();
    ++count;
  }
};

struct StreamChunk::Master {
  size_t field_count;
  const uint8_t* fields;
};

StreamChunk::Master StreamChunk::master() const {
  const uint8_t* const count = skip(live_count(), 2);
  return {static_cast<size_t>(number_at(count)), count + entry_size(count)};
}

// To an allocation that has room for so many bytes of listpack.
void StreamChunk::resize(size_t room) {
  const size_t size = memory::good_size(kPrefix + room);
  if (bytes != nullptr && size == memory_size()) return;
  auto* const fresh = static_cast<uint8_t*>(memory::allocate(size)) + kPrefix;
  if (bytes != nullptr) {
    std::memcpy(fresh, bytes, byte_size());
    release();
  }
  bytes = fresh;
  write_little_endian(size, kPrefix, bytes - kPrefix);
}

// Twice the room each time, but not beyond the size at which chunks usually end.
void StreamChunk::reserve(size_t more) {
  const size_t needed = byte_size() + more;
  const size_t room = memory_size() - kPrefix;
  if (needed <= room) [[likely]]
    return;
  resize(std::max(needed, std::min(2 * room, kGrowTo)));
}

void StreamChunk::shrink() { resize(byte_size()); }

void StreamChunk::release() {
  memory::release(bytes - kPrefix, memory_size());
  bytes = nullptr;
}

void StreamChunk::begin_writing(ElementWriter& writer) { writer.out = bytes + byte_size() - 1; }

void StreamChunk::finish_writing(const ElementWriter& writer) {
  *writer.out = kListpackEnd;
  const auto total = static_cast<size_t>(writer.out + 1 - bytes);
  write_little_endian(total, 4, bytes);
  size_t count = read_little_endian(bytes + 4, 2);
  if (count == Listpack::kUnknownCount) return;
  count = std::min(count + writer.count, Listpack::kUnknownCount);
  write_little_endian(count, 2, bytes + 4);
}

StreamChunk StreamChunk::create(StreamId first, StreamFields fields) {
  StreamChunk chunk{.first = first};
  const size_t room = room_for(fields);
  chunk.resize(Listpack::kEmptyBytes + (room < kGrowTo ? 2 * room : room));
  std::memcpy(chunk.bytes, "\x07\0\0\0\0\0\xff", Listpack::kEmptyBytes);
  ElementWriter writer;
  chunk.begin_writing(writer);
  writer.number(0);
  writer.number(0);
  writer.number(static_cast<int64_t>(fields.size() / 2));
  for (size_t i = 0; i < fields.size(); i += 2) writer.text(fields[i]);
  writer.number(0);
  chunk.finish_writing(writer);
  return chunk;
}

StreamChunk StreamChunk::clone() const {
  StreamChunk copy{.first = first};
  copy.resize(byte_size());
  std::memcpy(copy.bytes, bytes, byte_size());
  return copy;
}

bool StreamChunk::has_fields(StreamFields fields) const {
  const Master ours = master();
  if (ours.field_count != fields.size() / 2) return false;
  const uint8_t* at = ours.fields;
  PackedValue::Scratch scratch;
  for (size_t i = 0; i < fields.size(); i += 2, at += entry_size(at)) {
    if (entry_value(at).text(scratch) != fields[i]) return false;
  }
  return true;
}

void StreamChunk::append(StreamId id, StreamFields fields) {
  reserve(room_for(fields));
  replace_number(6, static_cast<int64_t>(live()) + 1);
  const bool same = has_fields(fields);
  ElementWriter writer;
  begin_writing(writer);
  writer.number(same ? kSameFields : 0);
  writer.number(static_cast<int64_t>(id.ms - first.ms));
  writer.number(static_cast<int64_t>(id.seq - first.seq));
  if (!same) writer.number(static_cast<int64_t>(fields.size() / 2));
  for (size_t i = 0; i < fields.size(); i += 2) {
    if (!same) writer.text(fields[i]);
    writer.text(fields[i + 1]);
  }
  writer.number(static_cast<int64_t>(writer.count));
  finish_writing(writer);
}

// The number at `offset` becomes another one, shorter or longer. Leaves room_for()'s reserve.
void StreamChunk::replace_number(size_t offset, int64_t number) {
  const EntryWriter entry(number);
  const size_t before = entry_size(bytes + offset);
  if (entry.size() != before) {
    if (entry.size() > before) reserve(entry.size() - before + kNumberBytes);
    const size_t total = byte_size();
    std::memmove(bytes + offset + entry.size(), bytes + offset + before, total - offset - before);
    const size_t fresh = total - before + entry.size();
    write_little_endian(fresh, 4, bytes);
  }
  entry.write(bytes + offset);
}

void StreamChunk::mark_deleted(const StreamEntry& entry) {
  *const_cast<uint8_t*>(entry.begin) |= kDeleted;  // flags take one byte: load() has seen to it
}

void StreamChunk::count_deleted(size_t count) {
  const auto alive = static_cast<int64_t>(live() - count);
  const auto gone = static_cast<int64_t>(deleted() + count);
  replace_number(6, alive);
  replace_number(6 + entry_size(live_count()), gone);
}

const uint8_t* StreamChunk::entries_begin() const {
  const Master ours = master();
  return skip(ours.fields, ours.field_count + 1);
}

StreamEntry StreamChunk::entry_at(const uint8_t* at) const {
  StreamEntry entry;
  entry.begin = at;
  const int64_t flags = *at;
  entry.deleted = (flags & kDeleted) != 0;
  at += 2;
  entry.id.ms = first.ms + static_cast<uint64_t>(number_at(at));
  at += entry_size(at);
  entry.id.seq = first.seq + static_cast<uint64_t>(number_at(at));
  at += entry_size(at);
  if ((flags & kSameFields) != 0) {
    const Master ours = master();
    entry.field_count = ours.field_count;
    entry.shared_fields = ours.fields;
    entry.data = at;
    entry.end = skip(at, entry.field_count + 1);
  } else {
    entry.field_count = static_cast<size_t>(number_at(at));
    entry.data = at + entry_size(at);
    entry.end = skip(entry.data, 2 * entry.field_count + 1);
  }
  return entry;
}

const uint8_t* StreamChunk::entry_ending_at(const uint8_t* end) {
  const uint8_t* at = entry_before(end);
  int64_t elements = number_at(at);
  if (elements == 0) return nullptr;
  for (; elements > 0; --elements) at = entry_before(at);
  return at;
}

StreamId StreamChunk::last_id() const {
  const uint8_t* const at = entry_ending_at(entries_end());
  return at == nullptr ? first : entry_at(at).id;
}

namespace {

// Reads a listpack of which nothing is known but that it is one.
class ElementReader {
 public:
  explicit ElementReader(std::string_view listpack)
      : at_(reinterpret_cast<const uint8_t*>(listpack.data()) + Listpack::kHeaderBytes),
        end_(reinterpret_cast<const uint8_t*>(listpack.data()) + listpack.size() - 1) {}

  bool more() const { return ok_ && at_ != end_; }
  bool ok() const { return ok_; }
  int64_t number() {
    if (!more() || !entry_value(at_).is_number()) return ok_ = false, 0;
    const int64_t value = number_at(at_);
    at_ += entry_size(at_);
    return value;
  }
  uint64_t count() {
    const int64_t value = number();
    if (value < 0) ok_ = false;
    return ok_ ? static_cast<uint64_t>(value) : 0;
  }
  // Flags, which deleting changes in place.
  uint8_t small_number() {
    if (!more() || *at_ > 127) return ok_ = false, uint8_t{0};
    return static_cast<uint8_t>(number());
  }
  void skip(uint64_t elements) {
    for (; elements > 0 && ok_; --elements) {
      if (!more()) {
        ok_ = false;
        return;
      }
      at_ += entry_size(at_);
    }
  }

 private:
  const uint8_t* at_;
  const uint8_t* end_;
  bool ok_ = true;
};

bool sound(std::string_view listpack) {
  if (!Listpack::validate(listpack)) return false;
  ElementReader reader(listpack);
  const uint64_t live = reader.count();
  const uint64_t deleted = reader.count();
  const uint64_t shared = reader.count();
  reader.skip(shared);
  if (reader.number() != 0 || !reader.ok()) return false;
  uint64_t seen_live = 0, seen_deleted = 0;
  while (reader.more()) {
    const uint8_t flags = reader.small_number();
    reader.number();
    reader.number();
    const bool same = (flags & kSameFields) != 0;
    const uint64_t fields = same ? shared : reader.count();
    if (fields > listpack.size()) return false;
    const uint64_t elements = same ? fields + 3 : 2 * fields + 4;
    reader.skip(same ? fields : 2 * fields);
    if (reader.count() != elements || !reader.ok()) return false;
    ++((flags & kDeleted) != 0 ? seen_deleted : seen_live);
  }
  return reader.ok() && seen_live == live && seen_deleted == deleted;
}

}  // namespace

StreamChunk StreamChunk::load(StreamId first, std::string_view listpack) {
  StreamChunk chunk{.first = first};
  if (listpack.size() > UINT32_MAX / 2 || !sound(listpack)) return chunk;
  chunk.resize(listpack.size());
  std::memcpy(chunk.bytes, listpack.data(), listpack.size());
  return chunk;
}

}  // namespace types
