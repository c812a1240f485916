// SPDX-License-Identifier: MIT
// Hashes as Redis' files hold them:
//
//   type  4   number of fields, field, value, field, value, …      each a string
//         9   one string: a zipmap's bytes (zipmap.h)              only read
//        13   one string: a ziplist's bytes (ziplist.h)            only read
//        16   one string: a listpack's bytes (types/listpack.h)    from version 10 on; before, as type 4
//
// A field that comes twice, or bytes that are no such structure, are damage.
#include <algorithm>
#include <string>
#include <vector>

#include "10-full-server/persistence/codecs.h"
#include "10-full-server/persistence/item_requests.h"
#include "10-full-server/persistence/ziplist.h"
#include "10-full-server/persistence/zipmap.h"
#include "10-full-server/types/hash.h"
#include "shared/keyspace/edit.h"

namespace persistence {

using keyspace::Entry;
using types::Hash;
using types::Listpack;
using types::PackedValue;

constexpr uint8_t kFields = 4, kZipmap = 9, kZiplist = 13, kListpack = 16;
constexpr int kFirstVersionWithListpacks = 10;

static keyspace::View<Hash> view(const Entry& entry) {
  return keyspace::View<Hash>(const_cast<Entry*>(&entry));
}

static uint8_t type_byte(const Entry& entry, int version) {
  return view(entry)->is_packed() && version >= kFirstVersionWithListpacks ? kListpack : kFields;
}

static void save(rdb::Encoder& out, const Entry& entry, int version) {
  const auto hash = view(entry);
  if (type_byte(entry, version) == kListpack) return out.string(hash->packed_bytes());
  out.length(hash->size());
  hash->for_each([&](PackedValue field, PackedValue value) {
    PackedValue::Scratch scratch;
    out.string(field.text(scratch));
    out.string(value.text(scratch));
  });
}

static Hash load_fields(rdb::Decoder& in) {
  const uint64_t count = in.length();
  Hash hash;
  if (count > types::hash_settings.max_listpack_entries) hash.become_table();
  std::string field;
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t offset = in.offset();
    field = in.string();
    const std::string_view value = in.string();
    if (!in.ok()) return {};
    const std::string_view pair[] = {field, value};
    hash.prepare(pair);
    if (hash.set(field, value)) continue;
    in.fail("Hash integrity check failed: a field comes twice", offset);
    return {};
  }
  return hash;
}

// Pairs, and no field twice.
static bool is_hash(std::string_view bytes) {
  std::vector<uint64_t> hashes;
  size_t elements = 0;
  const bool sound = Listpack::validate(bytes, [&](PackedValue element) {
    PackedValue::Scratch scratch;
    if (elements++ % 2 == 0) hashes.push_back(collections::hash_text(element.text(scratch)));
    return true;
  });
  if (!sound || elements % 2 != 0) return false;
  std::sort(hashes.begin(), hashes.end());
  if (std::adjacent_find(hashes.begin(), hashes.end()) == hashes.end()) return true;
  collections::HashTable seen;  // once in 2^64 two texts that differ have one hash
  return Listpack::validate(bytes, [&](PackedValue element) {
    PackedValue::Scratch scratch;
    return elements++ % 2 != 0 || seen.add(element.text(scratch), {});
  });
}

// What older encodings held is within the limits of their time, not of ours.
static bool has_long_text(const Listpack& pairs) {
  PackedValue::Scratch scratch;
  for (Listpack::Position at = pairs.begin(); at != pairs.end(); at = pairs.next(at)) {
    if (pairs.value(at).text(scratch).size() > types::hash_settings.max_listpack_value) return true;
  }
  return false;
}

static Hash load_bytes(rdb::Decoder& in, uint8_t byte) {
  const uint64_t offset = in.offset();
  const std::string_view bytes = in.string();
  if (!in.ok()) return {};
  if (byte == kListpack) {
    if (is_hash(bytes)) return Hash::from(Listpack::from(bytes));
  } else if (auto pairs =
                 byte == kZipmap ? listpack_from_zipmap(bytes) : listpack_from_ziplist(bytes)) {
    const bool is_long = byte == kZipmap && has_long_text(*pairs);
    if (is_hash(pairs->bytes())) {
      Hash hash = Hash::from(std::move(*pairs));
      if (is_long) hash.become_table();
      return hash;
    }
  }
  in.fail(byte == kZipmap    ? "Zipmap integrity check failed"
          : byte == kZiplist ? "Hash ziplist integrity check failed"
                             : "Hash listpack integrity check failed",
          offset);
  return {};
}

static Entry* load(rdb::Decoder& in, uint8_t byte, const rdb::EntryHead& head) {
  Hash hash = byte == kFields ? load_fields(in) : load_bytes(in, byte);
  if (!in.ok() || hash.empty()) return nullptr;
  return keyspace::new_entry(head.key, std::move(hash), head.deadline, head.clock);
}

const rdb::ValueCodec& hash_codec() {
  static constexpr uint8_t kReads[] = {kFields, kZipmap, kZiplist, kListpack};
  static constexpr rdb::ValueCodec kCodec = {keyspace::TypeId::Hash, kReads, type_byte, save, load};
  return kCodec;
}

void rewrite_hash(const Entry& entry, util::ByteBuffer& out) {
  {
    ItemRequests requests(out, "HMSET", entry.key());
    view(entry)->for_each([&](PackedValue field, PackedValue value) {
      PackedValue::Scratch field_scratch, value_scratch;
      requests.add({field.text(field_scratch), value.text(value_scratch)});
    });
  }
  append_deadline(out, entry);
}

}  // namespace persistence
