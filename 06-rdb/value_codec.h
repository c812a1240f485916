// SPDX-License-Identifier: MIT
//
// How values of each type become bytes and come back. A type is a row in the table; the composition
// root fills it (this stage brings strings). A row serves snapshots and single values alike: what
// it writes begins behind the type byte, and it never sees the key's place in a file. Rows are
// const; the table does not change once the server runs.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "06-rdb/decoder.h"
#include "06-rdb/encoder.h"
#include "shared/keyspace/entry.h"

namespace rdb {

// What an entry is made of beside its value.
struct EntryHead {
  std::string_view key;
  keyspace::UnixMs deadline = keyspace::kNever;
  uint32_t clock = 0;
};

struct ValueCodec {
  keyspace::TypeId type;
  // The type bytes that load() understands.
  std::span<const uint8_t> reads;
  // The type byte under which save() writes this value in a file of that version.
  uint8_t (*type_byte)(const keyspace::Entry& entry, int version);
  void (*save)(Encoder& out, const keyspace::Entry& entry, int version);
  // A new entry, not stored yet. Null: the decoder has failed, or the value is an empty collection,
  // which is skipped.
  keyspace::Entry* (*load)(Decoder& in, uint8_t type_byte, const EntryHead& head);
};

class CodecTable {
 public:
  // `codec` outlives the table; a later one of the same type or type byte replaces the earlier.
  void add(const ValueCodec& codec);
  const ValueCodec* of(keyspace::TypeId type) const { return by_type_[static_cast<size_t>(type)]; }
  const ValueCodec* reader_of(uint8_t type_byte) const { return by_byte_[type_byte]; }

  bool skip_checksums = false;  // load_dump() takes a damaged payload for what it says (tests only)

 private:
  std::array<const ValueCodec*, 16> by_type_ = {};
  std::array<const ValueCodec*, 256> by_byte_ = {};
};

const ValueCodec& string_codec();

// One value as bytes: what DUMP answers and RESTORE takes. type byte, value, version (2 bytes),
// CRC-64 of all before.
void append_dump(util::ByteBuffer& out, const CodecTable& codecs, const keyspace::Entry& entry,
                 int version);
// The bytes end with a version that is understood and with their own checksum.
bool dump_is_sound(std::string_view bytes, const CodecTable& codecs);
// A new entry, or null when the bytes are not such a value, whole, unharmed and of a version that
// is understood. `why`: what the value's bytes are damaged by.
keyspace::Entry* load_dump(std::string_view bytes, const CodecTable& codecs, const EntryHead& head,
                           std::string* why = nullptr);

}  // namespace rdb
