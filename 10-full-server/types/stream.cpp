// SPDX-License-Identifier: MIT
#include "10-full-server/types/stream.h"

#include <algorithm>
#include <cassert>
#include <new>

#include "10-full-server/types/stream_reader.h"
#include "shared/keyspace/entry.h"
#include "shared/util/memory.h"

namespace types {

namespace {

const Stream& stream_at(const void* handle) {
  return *std::launder(static_cast<const Stream*>(handle));
}

size_t memory_of(const keyspace::Entry& entry) {
  const uint64_t word = entry.word();
  return memory::good_size(entry.allocation_size()) + stream_at(&word).memory_size();
}

void digest_of(const keyspace::Entry& entry, keyspace::Digest& digest) {
  const uint64_t word = entry.word();
  PackedValue::Scratch scratch;
  for (StreamReader reader(stream_at(&word)); reader.next();) {
    digest.mix(StreamIdText(reader.entry().id, '.'));
    reader.entry().for_each_field([&](PackedValue field, PackedValue value) {
      digest.mix(field.text(scratch));
      digest.mix(value.text(scratch));
    });
  }
}

constexpr keyspace::TypeDescriptor kDescriptor = {
    .id = keyspace::TypeId::Stream,
    .name = "stream",
    .destroy = [](void* handle) { std::launder(static_cast<Stream*>(handle))->~Stream(); },
    .clone = [](const void* from, void* to) { new (to) Stream(stream_at(from).clone()); },
    .length = [](const void* handle) { return stream_at(handle).size(); },
    .memory = memory_of,
    .free_effort = [](const void* handle) { return stream_at(handle).free_effort(); },
    .encoding_name = [](const keyspace::Entry&) -> std::string_view { return "stream"; },
    .digest = digest_of,
};

}  // namespace

const keyspace::TypeDescriptor& Stream::descriptor() { return kDescriptor; }

const Stream::Body& Stream::body() const {
  static const Body kNone;
  return body_ == nullptr ? kNone : *body_;
}

Stream::Body& Stream::body() {
  if (body_ == nullptr) body_ = new Body;
  return *body_;
}

Stream::~Stream() {
  if (body_ == nullptr) return;
  for (StreamChunk& chunk : body_->chunks) chunk.release();
  delete body_;
}

Stream Stream::clone() const {
  Stream copy;
  if (empty()) return copy;
  copy.create();
  for (const StreamChunk& chunk : chunks()) {
    copy.body_->chunks.insert(copy.body_->chunks.size(), chunk.clone());
  }
  copy.body_->size = size();
  copy.body_->head = head();
  for (const auto& [name, group] : groups()) copy.body_->groups.emplace(name, group);
  return copy;
}

size_t Stream::memory_size() const {
  if (empty()) return 0;
  size_t total = memory::good_size(sizeof(Body)) + chunks().memory_size();
  for (const StreamChunk& chunk : chunks()) total += chunk.memory_size();
  for (const auto& [name, group] : groups()) {
    total +=
        memory::good_size(4 * sizeof(void*) + sizeof(Groups::value_type)) + group.memory_size();
  }
  return total;
}

size_t Stream::free_effort() const {
  size_t effort = chunks().size();
  if (!groups().empty()) {
    effort += groups().size() * (1 + groups().begin()->second.pending().size());
  }
  return effort;
}

size_t Stream::chunk_of(StreamId id) const {
  const auto behind = std::upper_bound(
      chunks().begin(), chunks().end(), id,
      [](const StreamId& wanted, const StreamChunk& chunk) { return wanted < chunk.first; });
  return behind == chunks().begin() ? 0 : static_cast<size_t>(behind - chunks().begin()) - 1;
}

namespace {

bool full(const StreamChunk& chunk, StreamFields fields) {
  size_t text_bytes = 0;
  for (const std::string_view text : fields) text_bytes += text.size();
  uint64_t most_bytes = stream_settings.node_max_bytes;
  if (most_bytes == 0 || most_bytes > StreamChunk::kMaxBytes) most_bytes = StreamChunk::kMaxBytes;
  if (chunk.byte_size() + text_bytes >= most_bytes) return true;
  const auto most_entries = static_cast<size_t>(stream_settings.node_max_entries);
  return most_entries != 0 && chunk.live() + chunk.deleted() >= most_entries;
}

}  // namespace

void Stream::append(StreamId id, StreamFields fields) {
  Body& own = body();
  assert(id > own.head.last_id);
  if (own.chunks.empty() || full(own.chunks.back(), fields)) {
    if (!own.chunks.empty()) own.chunks.back().shrink();
    own.chunks.insert(own.chunks.size(), StreamChunk::create(id, fields));
  }
  own.chunks.back().append(id, fields);
  ++own.size;
  ++own.head.entries_added;
  own.head.last_id = id;
  if (own.size == 1) own.head.first_id = id;
}

bool Stream::append_chunk(StreamId first, std::string_view listpack) {
  Body& own = body();
  if (!own.chunks.empty() && first <= own.chunks.back().first) return false;
  const StreamChunk chunk = StreamChunk::load(first, listpack);
  if (chunk.bytes == nullptr) return false;
  own.chunks.insert(own.chunks.size(), chunk);
  own.size += chunk.live();
  return true;
}

void Stream::drop_chunk(size_t index) {
  body().chunks[index].release();
  body().chunks.erase(index);
}

void Stream::find_first_id() {
  StreamReader reader(*this);
  head().first_id = reader.next() ? reader.entry().id : StreamId{};
}

bool Stream::mark_deleted(StreamId id) {
  StreamReader reader(*this, id, id);
  if (!reader.next()) return false;
  const size_t index = reader.chunk();
  StreamChunk& chunk = body().chunks[index];
  if (chunk.live() == 1) {
    drop_chunk(index);
  } else {
    StreamChunk::mark_deleted(reader.entry());
    chunk.count_deleted(1);
  }
  --body().size;
  return true;
}

size_t Stream::erase(std::span<const StreamId> ids) {
  size_t erased = 0;
  bool first = false;
  Head& own = head();
  for (const StreamId& id : ids) {
    if (!mark_deleted(id)) continue;
    ++erased;
    first = first || id == own.first_id;
    own.max_deleted_id = std::max(own.max_deleted_id, id);
  }
  if (first || (erased > 0 && size() == 0)) find_first_id();
  return erased;
}

size_t Stream::trim(const StreamTrim& how) {
  if (how.by == StreamTrim::By::Nothing) return 0;
  const bool by_length = how.by == StreamTrim::By::Length;
  Body& own = body();
  size_t removed = 0;
  while (!own.chunks.empty() && !(by_length && own.size <= how.most)) {
    StreamChunk& chunk = own.chunks.front();
    const size_t live = chunk.live();
    if (how.limit != 0 && removed + live > how.limit) break;
    const bool all = by_length ? own.size - live >= how.most : chunk.last_id() < how.from;
    if (!all) {
      if (!how.whole_chunks) removed += trim_within(chunk, how);
      break;
    }
    drop_chunk(0);
    own.size -= live;
    removed += live;
  }
  if (removed > 0) find_first_id();
  return removed;
}

// Marks what must go in the first chunk that keeps something.
size_t Stream::trim_within(StreamChunk& chunk, const StreamTrim& how) {
  size_t removed = 0;
  for (const uint8_t* at = chunk.entries_begin(); at != chunk.entries_end();) {
    const StreamEntry entry = chunk.entry_at(at);
    if (how.by == StreamTrim::By::Length ? size() - removed <= how.most : entry.id >= how.from)
      break;
    at = entry.end;
    if (entry.deleted) continue;
    StreamChunk::mark_deleted(entry);
    ++removed;
  }
  if (removed > 0) chunk.count_deleted(removed);
  body().size -= removed;
  return removed;
}

bool Stream::contains(StreamId id) const { return StreamReader(*this, id, id).next(); }

std::optional<StreamId> Stream::last_entry_id() const {
  StreamReader reader(*this, kFirstStreamId, kLastStreamId, StreamReader::Direction::Backwards);
  if (!reader.next()) return std::nullopt;
  return reader.entry().id;
}

}  // namespace types
