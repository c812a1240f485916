// SPDX-License-Identifier: MIT
// Sets as Redis' files hold them:
//
//   type  2   length of the set, member, member, …          each a string
//        11   one string: an intset's bytes (types/intset.h)
//        20   one string: a listpack's bytes (types/listpack.h)     from version 11 on; before, as type 2
//
// A member that comes twice, or bytes that are no such structure, are damage.
#include <algorithm>
#include <vector>

#include "10-full-server/persistence/codecs.h"
#include "10-full-server/persistence/item_requests.h"
#include "10-full-server/types/set.h"
#include "shared/keyspace/edit.h"

namespace persistence {

using keyspace::Entry;
using types::IntSet;
using types::Listpack;
using types::PackedValue;
using types::Set;
using types::SetEncoding;

constexpr uint8_t kMembers = 2, kIntSet = 11, kListpack = 20;
constexpr int kFirstVersionWithListpacks = 11;

static keyspace::View<Set> view(const Entry& entry) {
  return keyspace::View<Set>(const_cast<Entry*>(&entry));
}

static uint8_t type_byte(const Entry& entry, int version) {
  switch (view(entry)->encoding()) {
    case SetEncoding::IntSet:
      return kIntSet;
    case SetEncoding::Listpack:
      return version >= kFirstVersionWithListpacks ? kListpack : kMembers;
    default:
      return kMembers;
  }
}

static void save(rdb::Encoder& out, const Entry& entry, int version) {
  const auto set = view(entry);
  if (type_byte(entry, version) != kMembers) return out.string(set->packed_bytes());
  out.length(set->size());
  set->for_each([&](PackedValue member) {
    PackedValue::Scratch scratch;
    out.string(member.text(scratch));
  });
}

static Set load_members(rdb::Decoder& in) {
  const uint64_t count = in.length();
  Set set = Set::integers();
  if (count > types::set_settings.max_intset_entries) set.become_table();
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t offset = in.offset();
    const std::string_view member = in.string();
    if (!in.ok()) return {};
    if (set.add(member)) continue;
    in.fail("Set integrity check failed: a member comes twice", offset);
    return {};
  }
  return set;
}

static Set load_intset(rdb::Decoder& in) {
  const uint64_t offset = in.offset();
  const std::string_view bytes = in.string();
  if (!in.ok()) return {};
  if (IntSet::validate(bytes)) return Set::from(IntSet::from(bytes));
  in.fail("Intset integrity check failed", offset);
  return {};
}

static bool is_set_of_texts(std::string_view bytes) {
  std::vector<uint64_t> hashes;
  const bool sound = Listpack::validate(bytes, [&](PackedValue member) {
    PackedValue::Scratch scratch;
    hashes.push_back(collections::hash_text(member.text(scratch)));
    return true;
  });
  if (!sound) return false;
  std::sort(hashes.begin(), hashes.end());
  if (std::adjacent_find(hashes.begin(), hashes.end()) == hashes.end()) return true;
  collections::SetTable seen;  // once in 2^64 two texts that differ have one hash
  return Listpack::validate(bytes, [&](PackedValue member) {
    PackedValue::Scratch scratch;
    return seen.add(member.text(scratch));
  });
}

static Set load_listpack(rdb::Decoder& in) {
  const uint64_t offset = in.offset();
  const std::string_view bytes = in.string();
  if (!in.ok()) return {};
  if (is_set_of_texts(bytes)) return Set::from(Listpack::from(bytes));
  in.fail("Set listpack integrity check failed", offset);
  return {};
}

static Entry* load(rdb::Decoder& in, uint8_t byte, const rdb::EntryHead& head) {
  Set set = byte == kMembers  ? load_members(in)
            : byte == kIntSet ? load_intset(in)
                              : load_listpack(in);
  if (!in.ok() || set.empty()) return nullptr;
  return keyspace::new_entry(head.key, std::move(set), head.deadline, head.clock);
}

const rdb::ValueCodec& set_codec() {
  static constexpr uint8_t kReads[] = {kMembers, kIntSet, kListpack};
  static constexpr rdb::ValueCodec kCodec = {keyspace::TypeId::Set, kReads, type_byte, save, load};
  return kCodec;
}

void rewrite_set(const Entry& entry, util::ByteBuffer& out) {
  {
    ItemRequests requests(out, "SADD", entry.key());
    view(entry)->for_each([&](PackedValue member) {
      PackedValue::Scratch scratch;
      requests.add({member.text(scratch)});
    });
  }
  append_deadline(out, entry);
}

}  // namespace persistence
