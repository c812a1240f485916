// SPDX-License-Identifier: MIT
#include "06-rdb/value_codec.h"

#include "06-rdb/rdb_format.h"
#include "shared/keyspace/keyspace.h"
#include "shared/util/crc64.h"

namespace rdb {

using keyspace::Entry;
using keyspace::TypeId;

constexpr size_t kVersionLength = 2;
constexpr uint8_t kStringByte = 0;

void CodecTable::add(const ValueCodec& codec) {
  by_type_[static_cast<size_t>(codec.type)] = &codec;
  for (const uint8_t byte : codec.reads) by_byte_[byte] = &codec;
}

static uint8_t string_byte(const Entry&, int) { return kStringByte; }

static void save_string(Encoder& out, const Entry& entry, int) {
  if (keyspace::is_integer(entry)) return out.integer_string(static_cast<int64_t>(entry.word()));
  keyspace::StringScratch scratch;
  out.string(keyspace::string_text(entry, scratch));
}

static Entry* load_string(Decoder& in, uint8_t, const EntryHead& head) {
  const std::string_view text = in.string();
  return in.ok() ? Entry::create_string(head.key, text, head.deadline, head.clock) : nullptr;
}

const ValueCodec& string_codec() {
  static constexpr uint8_t kReads[] = {kStringByte};
  static constexpr ValueCodec kCodec = {TypeId::String, kReads, string_byte, save_string,
                                        load_string};
  return kCodec;
}

void append_dump(util::ByteBuffer& out, const CodecTable& codecs, const Entry& entry, int version) {
  const ValueCodec& codec = *codecs.of(entry.type());
  Encoder encoder(nullptr, {.compress = true, .checksum = false});
  encoder.byte(codec.type_byte(entry, version));
  codec.save(encoder, entry, version);
  const size_t start = out.size();
  out.append(encoder.view());
  out.push_back(static_cast<char>(version & 0xFF));
  out.push_back(static_cast<char>(version >> 8));
  const uint64_t sum = util::crc64(0, out.view().substr(start));
  for (size_t i = 0; i < kChecksumLength; ++i) out.push_back(static_cast<char>(sum >> (8 * i)));
}

constexpr size_t kFooter = kVersionLength + kChecksumLength;

bool dump_is_sound(std::string_view bytes, const CodecTable& codecs) {
  if (bytes.size() < kFooter) return false;
  Decoder footer(bytes.substr(bytes.size() - kFooter));
  const uint64_t version = footer.fixed(kVersionLength);
  const uint64_t sum = footer.fixed(kChecksumLength);
  if (version > kNewestVersion) return false;
  return codecs.skip_checksums || sum == util::crc64(0, bytes.substr(0, bytes.size() - kChecksumLength));
}

Entry* load_dump(std::string_view bytes, const CodecTable& codecs, const EntryHead& head,
                 std::string* why) {
  if (!dump_is_sound(bytes, codecs)) return nullptr;
  Decoder value(bytes.substr(0, bytes.size() - kFooter));
  const uint8_t type_byte = value.byte();
  const ValueCodec* codec = codecs.reader_of(type_byte);
  if (codec == nullptr) return nullptr;
  Entry* entry = codec->load(value, type_byte, head);
  if (why != nullptr) *why = value.failure();
  if (entry != nullptr && !value.ok()) {
    keyspace::Keyspace::destroy(entry);
    return nullptr;
  }
  return entry;
}

}  // namespace rdb
