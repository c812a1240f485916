// SPDX-License-Identifier: MIT
//
// Streams in Redis' files: the chunks byte for byte, then what is known beside them, then the groups.
//
//   stream   = length(chunks) (string(first id, 16 bytes) string(listpack))*
//              length(entries) id(last) [2: id(first) id(greatest deleted) length(added)]
//              length(groups) group*
//   group    = string(name) id(last delivered) [2: length(entries read)]
//              length(pending) (raw id, 16 bytes; ms, 8 bytes; length(deliveries))*
//              length(consumers) consumer*
//   consumer = string(name) ms(seen) [3: ms(active)] length(pending) (raw id, 16 bytes)*
//   id       = length(ms) length(seq)
//
// What stands behind 2: and 3: came with Redis 7.0 and 7.2, under type bytes of their own.
#include <string>
#include <vector>

#include "10-full-server/persistence/codecs.h"
#include "10-full-server/persistence/item_requests.h"
#include "10-full-server/types/stream_reader.h"
#include "shared/keyspace/edit.h"
#include "shared/resp/request_writer.h"

namespace persistence {

using keyspace::Entry;
using rdb::Decoder;
using rdb::Encoder;
using types::PendingEntry;
using types::Stream;
using types::StreamConsumer;
using types::StreamGroup;
using types::StreamId;

namespace {

constexpr uint8_t kFirstFormat = 15, kWithCounters = 19, kWithActiveTimes = 21;

keyspace::View<Stream> view(const Entry& entry) {
  return keyspace::View<Stream>(const_cast<Entry*>(&entry));
}

uint8_t type_byte(const Entry&, int version) {
  return version >= 11 ? kWithActiveTimes : version == 10 ? kWithCounters : kFirstFormat;
}

void save_id(Encoder& out, StreamId id) {
  out.length(id.ms);
  out.length(id.seq);
}

void save_raw_id(Encoder& out, StreamId id) {
  char bytes[StreamId::kBytes];
  id.write(bytes);
  out.raw({bytes, sizeof bytes});
}

void save_chunks(Encoder& out, const Stream& stream) {
  out.length(stream.chunks().size());
  for (const types::StreamChunk& chunk : stream.chunks()) {
    char first[StreamId::kBytes];
    chunk.first.write(first);
    out.string({first, sizeof first});
    out.string(chunk.listpack());
  }
}

void save_consumer(Encoder& out, const StreamConsumer& consumer, uint8_t format) {
  out.string(consumer.name());
  out.fixed64(static_cast<uint64_t>(consumer.seen_at));
  if (format >= kWithActiveTimes) out.fixed64(static_cast<uint64_t>(consumer.active_at));
  out.length(consumer.pending().size());
  for (const types::PendingId each : consumer.pending()) save_raw_id(out, each.id);
}

void save_group(Encoder& out, std::string_view name, const StreamGroup& group, uint8_t format) {
  out.string(name);
  save_id(out, group.last_delivered);
  if (format >= kWithCounters) out.length(static_cast<uint64_t>(group.entries_read));
  out.length(group.pending().size());
  for (const PendingEntry& entry : group.pending()) {
    save_raw_id(out, entry.id);
    out.fixed64(static_cast<uint64_t>(entry.delivered_at));
    out.length(entry.deliveries);
  }
  out.length(group.consumers().size());
  for (const auto& each : group.consumers()) save_consumer(out, each.second, format);
}

void save(Encoder& out, const Entry& entry, int version) {
  const auto view_of = view(entry);
  const Stream& stream = *view_of;
  const Stream::Head& head = stream.head();
  const uint8_t format = type_byte(entry, version);
  save_chunks(out, stream);
  out.length(stream.size());
  save_id(out, head.last_id);
  if (format >= kWithCounters) {
    save_id(out, head.first_id);
    save_id(out, head.max_deleted_id);
    out.length(head.entries_added);
  }
  out.length(stream.groups().size());
  for (const auto& [name, group] : stream.groups()) save_group(out, name, group, format);
}

StreamId load_id(Decoder& in) {
  const uint64_t ms = in.length();
  return {ms, in.length()};
}

StreamId load_raw_id(Decoder& in) {
  const std::string_view bytes = in.raw(StreamId::kBytes);
  return in.ok() ? StreamId::read(bytes.data()) : StreamId{};
}

void load_chunks(Decoder& in, Stream& stream) {
  for (uint64_t left = in.length(); left > 0 && in.ok(); --left) {
    const std::string_view first_bytes = in.string();
    if (!in.ok()) return;
    if (first_bytes.size() != StreamId::kBytes) return in.fail("a chunk's id has 16 bytes");
    const StreamId first = StreamId::read(first_bytes.data());
    const std::string_view listpack = in.string();
    if (!in.ok()) return;
    if (!stream.append_chunk(first, listpack))
      return in.fail("Stream listpack integrity check failed");
  }
}

void load_head(Decoder& in, Stream& stream, uint8_t format) {
  const uint64_t size = in.length();
  Stream::Head& head = stream.head();
  head.last_id = load_id(in);
  if (format >= kWithCounters) {
    head.first_id = load_id(in);
    head.max_deleted_id = load_id(in);
    head.entries_added = in.length();
  } else {
    head.entries_added = size;
    stream.find_first_id();
  }
  if (in.ok() && size != stream.size()) in.fail("a stream has another number of entries");
}

void load_pending(Decoder& in, StreamGroup& group) {
  for (uint64_t left = in.length(); left > 0 && in.ok(); --left) {
    PendingEntry entry;
    entry.id = load_raw_id(in);
    entry.delivered_at = static_cast<int64_t>(in.fixed(8));
    entry.deliveries = in.length();
    if (in.ok() && group.add_pending(entry) == nullptr) in.fail("an entry is pending twice");
  }
}

// The group's own pending entries become the consumer's: each has exactly one.
void load_consumer(Decoder& in, StreamGroup& group, uint8_t format, uint64_t& owned) {
  const std::string name(in.string());
  if (!in.ok()) return;
  if (group.find_consumer(name) != nullptr) return in.fail("Duplicate stream consumer detected");
  StreamConsumer& consumer = group.add_consumer(name, static_cast<int64_t>(in.fixed(8)));
  consumer.active_at =
      format >= kWithActiveTimes ? static_cast<int64_t>(in.fixed(8)) : consumer.seen_at;
  for (uint64_t left = in.length(); left > 0 && in.ok(); --left) {
    const StreamId id = load_raw_id(in);
    PendingEntry* const entry = in.ok() ? group.find_pending(id) : nullptr;
    if (entry == nullptr) return in.fail("a consumer's entry is not pending in its group");
    if (entry->consumer != nullptr) return in.fail("a pending entry has two consumers");
    group.assign(*entry, consumer);
    ++owned;
  }
}

void load_group(Decoder& in, Stream& stream, uint8_t format) {
  const std::string name(in.string());
  const StreamId last = load_id(in);
  const int64_t read =
      format >= kWithCounters ? static_cast<int64_t>(in.length()) : stream.count_up_to(last);
  if (!in.ok()) return;
  StreamGroup* const group = stream.add_group(name, last, read);
  if (group == nullptr) return in.fail("a consumer group is there twice");
  load_pending(in, *group);
  uint64_t owned = 0;
  for (uint64_t left = in.length(); left > 0 && in.ok(); --left) {
    load_consumer(in, *group, format, owned);
  }
  if (in.ok() && owned != group->pending().size()) in.fail("a pending entry has no consumer");
}

Entry* load(Decoder& in, uint8_t format, const rdb::EntryHead& head) {
  Stream stream;
  stream.create();
  load_chunks(in, stream);
  if (in.ok()) load_head(in, stream, format);
  for (uint64_t left = in.ok() ? in.length() : 0; left > 0 && in.ok(); --left) {
    load_group(in, stream, format);
  }
  if (!in.ok()) return nullptr;
  return keyspace::new_entry(head.key, std::move(stream), head.deadline, head.clock);
}

class Requests {
 public:
  explicit Requests(util::ByteBuffer& out) : out_(out) {}
  void add(std::initializer_list<std::string_view> words) {
    resp::append_request(out_, resp::Args(words.begin(), words.size()));
  }

 private:
  util::ByteBuffer& out_;
};

class Number {
 public:
  explicit Number(int64_t value) : length_(util::format_int64(value, digits_)) {}
  operator std::string_view() const { return {digits_, length_}; }  // NOLINT: it is a text

 private:
  char digits_[util::kMaxInt64Digits];
  size_t length_;
};

void rewrite_entries(const Stream& stream, std::string_view key, util::ByteBuffer& out) {
  std::vector<std::string_view> words;
  std::vector<types::PackedValue::Scratch> numbers;
  for (types::StreamReader reader(stream); reader.next();) {
    const types::StreamEntry& entry = reader.entry();
    const types::StreamIdText id(entry.id);
    words.assign({"XADD", key, id});
    numbers.resize(2 * entry.field_count);
    size_t at = 0;
    entry.for_each_field([&](types::PackedValue field, types::PackedValue value) {
      words.push_back(field.text(numbers[at++]));
      words.push_back(value.text(numbers[at++]));
    });
    resp::append_request(out, words);
  }
}

// XCLAIM … FORCE makes an entry pending as it was, but only where the stream has it: others are lost, as in Redis.
void rewrite_group(std::string_view key, std::string_view name, const StreamGroup& group,
                   Requests& requests) {
  requests.add({"XGROUP", "CREATE", key, name, types::StreamIdText(group.last_delivered),
                "ENTRIESREAD", Number(group.entries_read)});
  for (const auto& [consumer_name, consumer] : group.consumers()) {
    if (consumer.pending().empty())
      requests.add({"XGROUP", "CREATECONSUMER", key, name, consumer_name});
    for (const types::PendingId each : consumer.pending()) {
      const PendingEntry& entry = *group.find_pending(each.id);
      requests.add({"XCLAIM", key, name, consumer_name, "0", types::StreamIdText(entry.id), "TIME",
                    Number(entry.delivered_at), "RETRYCOUNT",
                    Number(static_cast<int64_t>(entry.deliveries)), "JUSTID", "FORCE"});
    }
  }
}

}  // namespace

const rdb::ValueCodec& stream_codec() {
  static constexpr uint8_t kReads[] = {kFirstFormat, kWithCounters, kWithActiveTimes};
  static constexpr rdb::ValueCodec kCodec = {keyspace::TypeId::Stream, kReads, type_byte, save,
                                             load};
  return kCodec;
}

void rewrite_stream(const Entry& entry, util::ByteBuffer& out) {
  const auto view_of = view(entry);
  const Stream& stream = *view_of;
  const std::string_view key = entry.key();
  Requests requests(out);
  // A stream without entries is made by an entry that is trimmed away at once.
  if (stream.size() == 0) requests.add({"XADD", key, "MAXLEN", "0", "0-1", "x", "y"});
  rewrite_entries(stream, key, out);
  requests.add({"XSETID", key, types::StreamIdText(stream.head().last_id), "ENTRIESADDED",
                Number(static_cast<int64_t>(stream.head().entries_added)), "MAXDELETEDID",
                types::StreamIdText(stream.head().max_deleted_id)});
  for (const auto& [name, group] : stream.groups()) rewrite_group(key, name, group, requests);
  append_deadline(out, entry);
}

}  // namespace persistence
