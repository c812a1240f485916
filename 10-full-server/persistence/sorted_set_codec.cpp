// SPDX-License-Identifier: MIT
// Sorted sets as Redis' files hold them:
//
//   type  3   number of members, then member, score …       score: length byte and text, or 253 to
//                                                            255 for nan, inf, -inf; only read
//         5   number of members, then member, score …       score: 8 bytes, IEEE 754, little endian;
//                                                            highest first, as Redis writes them
//        12   one string: a ziplist of members and scores    only read
//        17   one string: a listpack of members and scores   (types/sorted_set.h)
//
// A member that comes twice, a score that is no number, or bytes that are no such structure, are
// damage.
#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "10-full-server/persistence/codecs.h"
#include "10-full-server/persistence/item_requests.h"
#include "10-full-server/persistence/ziplist.h"
#include "10-full-server/types/sorted_set.h"
#include "shared/keyspace/edit.h"

namespace persistence {

using keyspace::Entry;
using types::SortedSet;

constexpr uint8_t kTextScores = 3, kMembers = 5, kZiplist = 12, kListpack = 17;

static keyspace::View<SortedSet> view(const Entry& entry) {
  return keyspace::View<SortedSet>(const_cast<Entry*>(&entry));
}

static uint8_t type_byte(const Entry& entry, int) {
  return view(entry)->is_packed() ? kListpack : kMembers;
}

static void save(rdb::Encoder& out, const Entry& entry, int) {
  const auto set = view(entry);
  if (set->is_packed()) return out.string(set->packed_bytes());
  out.length(set->size());
  for (types::SortedSetCursor at = set->last(); at; at.previous()) {
    types::PackedValue::Scratch unused;
    out.string(at.text(unused));
    out.fixed64(std::bit_cast<uint64_t>(at.score()));
  }
}

// NaN: there is none.
static double read_text_score(rdb::Decoder& in) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const uint8_t length = in.byte();
  if (length == 255) return -kInfinity;
  if (length == 254) return kInfinity;
  if (length == 253) return kNan;
  return util::parse_double(in.raw(length)).value_or(kNan);
}

static double read_score(rdb::Decoder& in, uint8_t byte) {
  return byte == kTextScores ? read_text_score(in) : std::bit_cast<double>(in.fixed(8));
}

// Members go into a table, which finds those that come twice; what is small is built anew as a
// listpack.
static SortedSet load_members(rdb::Decoder& in, uint8_t byte) {
  const uint64_t count = in.length();
  SortedSet set;
  set.become_table();
  for (uint64_t i = 0; i < count && in.ok(); ++i) {
    const uint64_t offset = in.offset();
    const std::string member(in.string());
    const double score = read_score(in, byte);
    if (!in.ok()) return {};
    if (std::isnan(score)) return in.fail("a score is no number", offset), SortedSet();
    if (!set.put(member, score)) return in.fail("a member comes twice", offset), SortedSet();
  }
  set.settle();
  return set;
}

static SortedSet load_packed(rdb::Decoder& in, uint8_t byte) {
  const uint64_t offset = in.offset();
  const std::string_view bytes = in.string();
  if (!in.ok()) return {};
  std::optional<SortedSet> set;
  if (byte == kListpack) {
    set = SortedSet::from_packed(bytes);
  } else if (const auto pack = listpack_from_ziplist(bytes)) {
    set = SortedSet::from_packed(pack->bytes());
  }
  if (set) return std::move(*set);
  in.fail(byte == kZiplist ? "Zset ziplist integrity check failed"
                           : "Zset listpack integrity check failed",
          offset);
  return {};
}

static Entry* load(rdb::Decoder& in, uint8_t byte, const rdb::EntryHead& head) {
  const bool packed = byte == kZiplist || byte == kListpack;
  SortedSet set = packed ? load_packed(in, byte) : load_members(in, byte);
  if (!in.ok() || set.empty()) return nullptr;
  return keyspace::new_entry(head.key, std::move(set), head.deadline, head.clock);
}

const rdb::ValueCodec& sorted_set_codec() {
  static constexpr uint8_t kReads[] = {kTextScores, kMembers, kZiplist, kListpack};
  static constexpr rdb::ValueCodec kCodec = {keyspace::TypeId::SortedSet, kReads, type_byte, save,
                                             load};
  return kCodec;
}

void rewrite_sorted_set(const Entry& entry, util::ByteBuffer& out) {
  {
    ItemRequests requests(out, "ZADD", entry.key());
    for (types::SortedSetCursor at = view(entry)->first(); at; at.next()) {
      types::PackedValue::Scratch digits;
      char score[util::kMaxDoubleText];
      requests.add({{score, util::format_double(at.score(), score)}, at.text(digits)});
    }
  }
  append_deadline(out, entry);
}

}  // namespace persistence
