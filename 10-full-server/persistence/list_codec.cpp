// SPDX-License-Identifier: MIT
// Lists as Redis' files hold them:
//
//   type  1   length of the list, element, element, …      each a string
//        10   one string: a ziplist (ziplist.h)
//        14   count of nodes, node, node, …                each a string: a ziplist
//        18   count of nodes, then for each: 1 and a string, an element too large for a listpack;
//             or 2 and a string, a listpack's bytes        (types/listpack.h)
//
// Written is 18, with the nodes that the list has in memory; a listpack is one node.
#include "10-full-server/persistence/codecs.h"
#include "10-full-server/persistence/item_requests.h"
#include "10-full-server/persistence/ziplist.h"
#include "10-full-server/types/list.h"
#include "shared/keyspace/edit.h"

namespace persistence {

using keyspace::Entry;
using types::List;
using types::ListCursor;
using types::Listpack;
using types::PackedValue;

constexpr uint8_t kElements = 1, kZiplist = 10, kZiplistNodes = 14, kNodes = 18;
constexpr uint64_t kPlainNode = 1, kPackedNode = 2;

static keyspace::View<List> view(const Entry& entry) {
  return keyspace::View<List>(const_cast<Entry*>(&entry));
}

static uint8_t type_byte(const Entry&, int) { return kNodes; }

static void save(rdb::Encoder& out, const Entry& entry, int) {
  const auto list = view(entry);
  out.length(list->node_count());
  list->for_each_node([&](bool plain, std::string_view bytes) {
    out.length(plain ? kPlainNode : kPackedNode);
    out.string(bytes);
  });
}

static void load_elements(rdb::Decoder& in, List& list) {
  for (uint64_t left = in.length(); left > 0 && in.ok(); --left) {
    const std::string_view element = in.string();
    if (in.ok()) list.push_back(element);
  }
}

static void load_ziplist(rdb::Decoder& in, List& list) {
  const uint64_t offset = in.offset();
  const bool sound = read_ziplist(in.string(), [&](PackedValue element) {
    PackedValue::Scratch scratch;
    list.push_back(element.text(scratch));
    return true;
  });
  if (in.ok() && !sound) in.fail("Ziplist integrity check failed", offset);
}

static void load_ziplist_nodes(rdb::Decoder& in, List& list) {
  for (uint64_t left = in.length(); left > 0 && in.ok(); --left) {
    const uint64_t offset = in.offset();
    const auto pack = listpack_from_ziplist(in.string());
    if (!in.ok()) return;
    if (!pack) return in.fail("Quicklist ziplist integrity check failed", offset);
    list.append_node(false, pack->bytes());
  }
}

static void load_nodes(rdb::Decoder& in, List& list) {
  for (uint64_t left = in.length(); left > 0 && in.ok(); --left) {
    const uint64_t offset = in.offset();
    const uint64_t kind = in.length();
    const std::string_view bytes = in.string();
    if (!in.ok()) return;
    const bool plain = kind == kPlainNode && !bytes.empty();
    if (!plain && (kind != kPackedNode || !Listpack::validate(bytes))) {
      return in.fail("Quicklist listpack integrity check failed", offset);
    }
    list.append_node(plain, bytes);
  }
}

static Entry* load(rdb::Decoder& in, uint8_t byte, const rdb::EntryHead& head) {
  List list;
  switch (byte) {
    case kElements:
      load_elements(in, list);
      break;
    case kZiplist:
      load_ziplist(in, list);
      break;
    case kZiplistNodes:
      load_ziplist_nodes(in, list);
      break;
    default:
      load_nodes(in, list);
  }
  if (!in.ok() || list.empty()) return nullptr;
  list.settle();
  return keyspace::new_entry(head.key, std::move(list), head.deadline, head.clock);
}

const rdb::ValueCodec& list_codec() {
  static constexpr uint8_t kReads[] = {kElements, kZiplist, kZiplistNodes, kNodes};
  static constexpr rdb::ValueCodec kCodec = {keyspace::TypeId::List, kReads, type_byte, save, load};
  return kCodec;
}

void rewrite_list(const Entry& entry, util::ByteBuffer& out) {
  {
    ItemRequests requests(out, "RPUSH", entry.key());
    const auto list = view(entry);
    PackedValue::Scratch scratch;
    for (ListCursor each = list->front(); each; each.next()) {
      requests.add({each.value().text(scratch)});
    }
  }
  append_deadline(out, entry);
}

}  // namespace persistence
