// SPDX-License-Identifier: MIT
//
// The stream type: entries that are only ever added at the end, under rising ids. They lie in chunks (stream_chunk.h),
// and the chunks' first ids in a sorted array with free places at both ends:
//
//   handle, 8 bytes ─► Body:  chunks | first id, bytes | first id, bytes | … |      groups: by name
//                                          │                 └─► listpack: entries    └─► stream_group.h
//                                          └─► listpack: entries …
//
// So XADD looks at the last chunk and nowhere else; a range is found by binary search among the chunks and a walk within
// one; trimming drops whole chunks from the front. A stream without entries is still a stream: it remembers its last id.
// Readers: stream_reader.h. Moved byte by byte; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "10-full-server/types/gap_array.h"
#include "10-full-server/types/stream_chunk.h"
#include "10-full-server/types/stream_group.h"
#include "shared/keyspace/type_descriptor.h"

namespace types {

// When a chunk is full; 0: no limit. Read by the thread that owns the keyspace.
struct StreamSettings {
  uint64_t node_max_bytes = 4096;
  int64_t node_max_entries = 100;
};
inline StreamSettings stream_settings;

// What is to go from a stream's beginning.
struct StreamTrim {
  enum class By : uint8_t { Nothing, Length, Id } by = By::Nothing;
  bool whole_chunks = false;  // what would need a chunk to be changed stays
  uint64_t most = 0;          // by length: so many entries stay
  StreamId from = {};         // by id: entries before it go
  uint64_t limit = 0;         // remove no more than that; 0: as many as need be
};

class Stream {
 public:
  static constexpr bool kDeleteWhenEmpty = false;
  static const keyspace::TypeDescriptor& descriptor();
  using Groups = std::map<std::string, StreamGroup, std::less<>>;
  using Chunks = GapArray<StreamChunk>;

  // What is known of a stream beside its entries.
  struct Head {
    StreamId first_id;        // of the first entry that is there; 0-0 without any
    StreamId last_id;         // the greatest that was ever added
    StreamId max_deleted_id;  // the greatest that XDEL took away
    uint64_t entries_added = 0;
  };

  Stream() = default;
  Stream(Stream&& other) noexcept : body_(std::exchange(other.body_, nullptr)) {}
  Stream& operator=(Stream&& other) noexcept {
    std::swap(body_, other.body_);
    return *this;
  }
  ~Stream();
  Stream clone() const;

  bool empty() const {
    return body_ == nullptr;
  }  // nothing made it yet; size() may be 0 all the same
  void create() { body(); }
  size_t size() const { return body().size; }
  const Head& head() const { return body().head; }
  Head& head() { return body().head; }
  const Chunks& chunks() const { return body().chunks; }
  size_t memory_size() const;
  size_t free_effort() const;

  // REQUIRES: id > head().last_id, an even number of texts, which lie outside the stream
  void append(StreamId id, StreamFields fields);
  // Marks the entries with these ids; returns how many there were.
  size_t erase(std::span<const StreamId> ids);
  size_t trim(const StreamTrim& how);  // returns how many entries went
  // Adds a chunk that was read. False: it is damaged, or does not lie behind the others.
  bool append_chunk(StreamId first, std::string_view listpack);
  void find_first_id();  // head().first_id from the entries

  bool contains(StreamId id) const;
  std::optional<StreamId> last_entry_id() const;  // of the last entry that is there
  // The number of the chunk in which an entry with that id would lie; 0 when it would lie before all.
  size_t chunk_of(StreamId id) const;

  const Groups& groups() const { return body().groups; }
  StreamGroup* find_group(std::string_view name);
  const StreamGroup* find_group(std::string_view name) const;
  // Null: there is one of that name.
  StreamGroup* add_group(std::string_view name, StreamId last_delivered, int64_t entries_read);
  bool remove_group(std::string_view name);

  // Which number the entry has among all ever added, or kUnknownCount: what has been deleted cannot be counted.
  int64_t count_up_to(StreamId id) const;
  bool may_lack_entries_from(StreamId id) const;  // XDEL took one from there on
  // How many entries the group has not been given yet.
  std::optional<int64_t> lag(const StreamGroup& group) const;
  // The entry goes to the group, as the first one behind its last.
  void advance(StreamGroup& group, StreamId id) const;

 private:
  struct Body {
    Chunks chunks;
    size_t size = 0;
    Head head;
    Groups groups;
  };
  const Body& body() const;
  Body& body();
  bool mark_deleted(StreamId id);
  void drop_chunk(size_t index);
  size_t trim_within(StreamChunk& chunk, const StreamTrim& how);

  Body* body_ = nullptr;
};
static_assert(sizeof(Stream) == 8);

}  // namespace types
