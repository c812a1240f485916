// SPDX-License-Identifier: MIT
//
// Some neighbouring entries of a stream in one listpack, element for element as Redis keeps them in memory and in files.
// The fields of the first entry are written once, in front; who has the same ones names only values:
//
//   | live | deleted | n | field 1 | … | field n | 0 |   entry | entry | …            live, deleted: numbers of entries
//
//   entry:  | flags 2 | ms | seq | value 1 | … | value n | n + 3 |                                   the same fields
//           | flags 0 | ms | seq | m | field 1 | value 1 | … | field m | value m | 2 m + 4 |         its own fields
//
// ms and seq are differences from the chunk's first id; the last element counts those of the entry before it, so that
// entries can be walked backwards (the 0 in front ends that walk). Deleting sets flag 1 and moves nothing.
// The listpack's allocation begins with its own size, 4 bytes, so that an index of chunks is ids and pointers and no more.
// Plain data, moved byte by byte; its owner calls release(). One thread. Source: t_stream.c of Redis 7.2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "10-full-server/types/listpack_entry.h"
#include "10-full-server/types/stream_id.h"

namespace types {

// field, value, field, value …
using StreamFields = std::span<const std::string_view>;

// An entry as it lies in its chunk; valid until the stream changes.
struct StreamEntry {
  StreamId id;
  bool deleted = false;
  size_t field_count = 0;
  const uint8_t* begin = nullptr;          // its flags
  const uint8_t* end = nullptr;            // behind its last element
  const uint8_t* shared_fields = nullptr;  // the chunk's, or null: its own lie between the values
  const uint8_t* data = nullptr;           // the first value, or the first field

  // Calls visit(PackedValue field, PackedValue value) for each field, in order.
  template <class Visit>
  void for_each_field(Visit&& visit) const {
    const uint8_t* field = shared_fields;
    const uint8_t* at = data;
    for (size_t i = 0; i < field_count; ++i) {
      const uint8_t* const name = shared_fields != nullptr ? field : at;
      if (shared_fields != nullptr) {
        field += entry_size(field);
      } else {
        at += entry_size(at);
      }
      visit(entry_value(name), entry_value(at));
      at += entry_size(at);
    }
  }
};

class ElementWriter;

struct StreamChunk {
  static constexpr size_t kMaxBytes = size_t{1}
                                      << 30;  // Redis begins a new chunk before one gets longer

  StreamId first;
  uint8_t* bytes = nullptr;  // a listpack

  // A chunk without entries whose fields will be these.
  static StreamChunk create(StreamId first, StreamFields fields);
  // Null bytes: that is no sound chunk.
  static StreamChunk load(StreamId first, std::string_view listpack);
  StreamChunk clone() const;
  void release();

  size_t memory_size() const { return read_little_endian(bytes - kPrefix, kPrefix); }
  size_t byte_size() const { return read_little_endian(bytes, 4); }
  std::string_view listpack() const { return {reinterpret_cast<const char*>(bytes), byte_size()}; }
  size_t live() const { return static_cast<size_t>(entry_value(live_count()).number()); }
  size_t deleted() const {
    return static_cast<size_t>(entry_value(live_count() + entry_size(live_count())).number());
  }

  // REQUIRES: the id is greater than those of all entries
  void append(StreamId id, StreamFields fields);
  void shrink();  // nothing more will be appended
  // Marks an entry without counting it; count_deleted() must follow.
  static void mark_deleted(const StreamEntry& entry);
  void count_deleted(size_t count);  // so many live entries have been marked

  const uint8_t* entries_begin() const;  // the first entry's place
  const uint8_t* entries_end() const { return bytes + byte_size() - 1; }
  StreamEntry entry_at(const uint8_t* at) const;  // REQUIRES: at != entries_end()
  // The place of the entry that ends at `end`, or null when there is none.
  static const uint8_t* entry_ending_at(const uint8_t* end);
  StreamId last_id() const;  // of the last entry, deleted or not; `first` when there is none

 private:
  static constexpr size_t kPrefix = 4;
  struct Master;
  Master master() const;
  const uint8_t* live_count() const { return bytes + 6; }
  bool has_fields(StreamFields fields) const;
  void reserve(size_t more);
  void resize(size_t room);
  void replace_number(size_t offset, int64_t number);
  void begin_writing(ElementWriter& writer);
  void finish_writing(const ElementWriter& writer);
};

}  // namespace types
