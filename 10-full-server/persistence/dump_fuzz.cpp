// SPDX-License-Identifier: MIT
//
// libFuzzer target of RESTORE's payloads, every type. Any bytes are a value or are refused, without a crash, in memory that
// grows with them; a value can be used, and what is written of it is read again to a value of the same content. The footer
// (version, checksum) is not part of the input: few inputs would ever have the right one.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>

#include "10-full-server/persistence/codecs.h"
#include "10-full-server/types/hash.h"
#include "10-full-server/types/list.h"
#include "10-full-server/types/set.h"
#include "10-full-server/types/sorted_set.h"
#include "10-full-server/types/stream.h"
#include "shared/keyspace/digest.h"
#include "shared/keyspace/keyspace.h"

namespace {

using keyspace::Entry;

constexpr int kVersions[] = {9, 10, 11};

const rdb::CodecTable& codecs() {
  static const rdb::CodecTable kTable = [] {
    keyspace::register_type(types::List::descriptor());
    keyspace::register_type(types::Hash::descriptor());
    keyspace::register_type(types::Set::descriptor());
    keyspace::register_type(types::SortedSet::descriptor());
    keyspace::register_type(types::Stream::descriptor());
    rdb::CodecTable table;
    table.add(rdb::string_codec());
    table.add(persistence::list_codec());
    table.add(persistence::hash_codec());
    table.add(persistence::set_codec());
    table.add(persistence::sorted_set_codec());
    table.add(persistence::stream_codec());
    table.skip_checksums = true;
    return table;
  }();
  return kTable;
}

Entry* load(std::string_view payload) { return rdb::load_dump(payload, codecs(), {.key = "k"}); }

// The content, whatever its shape: what is unordered is summed up.
class Content final : public keyspace::Digest {
 public:
  void mix(std::string_view text) override {
    ordered_ = ordered_ * 31 + std::hash<std::string_view>{}(text) + 1;
  }
  void add(std::string_view member) override {
    unordered_ += std::hash<std::string_view>{}(member);
  }
  void add_pair(std::string_view first, std::string_view second) override {
    unordered_ += std::hash<std::string_view>{}(first)*3 + std::hash<std::string_view>{}(second)*7;
  }
  bool operator==(const Content& other) const {
    return ordered_ == other.ordered_ && unordered_ == other.unordered_;
  }

 private:
  size_t ordered_ = 0, unordered_ = 0;
};

Content content_of(const Entry& entry) {
  Content content;
  keyspace::StringScratch scratch;
  if (entry.type() == keyspace::TypeId::String) {
    content.mix(keyspace::string_text(entry, scratch));
  } else {
    keyspace::descriptor_of(entry).digest(entry, content);
  }
  return content;
}

void rewrite(const Entry& entry) {
  util::ByteBuffer out;
  switch (entry.type()) {
    case keyspace::TypeId::List:
      return persistence::rewrite_list(entry, out);
    case keyspace::TypeId::Hash:
      return persistence::rewrite_hash(entry, out);
    case keyspace::TypeId::Set:
      return persistence::rewrite_set(entry, out);
    case keyspace::TypeId::SortedSet:
      return persistence::rewrite_sorted_set(entry, out);
    case keyspace::TypeId::Stream:
      return persistence::rewrite_stream(entry, out);
    default:
      return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string payload(reinterpret_cast<const char*>(data), size);
  payload.append("\x0b\0", 2).append(8, '\0');
  Entry* entry = load(payload);
  if (entry == nullptr) return 0;
  const Content content = content_of(*entry);
  rewrite(*entry);
  for (const int version : kVersions) {
    util::ByteBuffer written;
    rdb::append_dump(written, codecs(), *entry, version);
    Entry* again = load(written.view());
    if (again == nullptr || !(content_of(*again) == content)) std::abort();
    keyspace::Keyspace::destroy(again);
  }
  keyspace::Keyspace::destroy(entry);
  return 0;
}
