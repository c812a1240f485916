// SPDX-License-Identifier: MIT
#include "10-full-server/types/list_chain.h"

#include <algorithm>
#include <cassert>

namespace types {

namespace {

// What Redis reckons an entry's encoding may add to its text.
constexpr size_t kEntryOverhead = 8;

bool is_large(size_t text_size) {
  return text_size >= std::min(list_settings.packed_threshold, ListChunk::kMaxBytes / 2);
}

}  // namespace

ListChain::ListChain() : limit_(std::clamp(list_settings.max_listpack_size, -5, 32767)) {}

ListChain::~ListChain() {
  for (ListChunk& chunk : chunks_) chunk.destroy();
}

ListChain* ListChain::clone() const {
  auto* const copy = new ListChain;
  copy->limit_ = limit_;
  for (const ListChunk& chunk : chunks_) copy->append_chunk(chunk.clone());
  return copy;
}

size_t ListChain::memory_size() const {
  size_t bytes = memory::good_size(sizeof *this) + chunks_.memory_size();
  for (const ListChunk& chunk : chunks_) bytes += chunk.memory_size();
  return bytes;
}

ListChain::Spot ListChain::locate(size_t index) const {
  assert(index < size_);
  size_t chunk = 0;
  if (index < size_ / 2) {
    while (index >= chunks_[chunk].count) index -= chunks_[chunk++].count;
  } else {
    size_t behind = size_ - index;  // how many are left from here on
    chunk = chunks_.size() - 1;
    while (behind > chunks_[chunk].count) behind -= chunks_[chunk--].count;
    index = chunks_[chunk].count - behind;
  }
  return {chunk, chunks_[chunk].is_plain() ? 0 : chunks_[chunk].seek(index)};
}

// Whether a text may be added to a chunk; there need be none.
bool ListChain::takes(size_t chunk, size_t text_size) const {
  if (chunk >= chunks_.size() || chunks_[chunk].is_plain() || is_large(text_size)) return false;
  const ListChunk& at = chunks_[chunk];
  return !limit_.exceeded(at.node_bytes() + text_size + kEntryOverhead, at.count + 1);
}

void ListChain::append_chunk(ListChunk chunk) {
  size_ += chunk.count;
  chunks_.insert(chunks_.size(), chunk);
}

void ListChain::drop_chunk(size_t index) {
  size_ -= chunks_[index].count;
  chunks_[index].destroy();
  chunks_.erase(index);
}

void ListChain::insert_into(size_t chunk, ListEnd end, std::string_view text) {
  ListChunk& at = chunks_[chunk];
  at.insert(end == ListEnd::Front ? at.begin : at.end, EntryWriter(text), limit_.chunk_bytes());
  ++size_;
}

void ListChain::push(ListEnd end, std::string_view text) {
  const size_t last = chunks_.empty() ? 0 : chunks_.size() - 1;
  const size_t chunk = end == ListEnd::Front ? 0 : last;
  if (takes(chunk, text.size())) [[likely]] {
    insert_into(chunk, end, text);
    return;
  }
  if (!chunks_.empty()) chunks_[chunk].fit();  // nothing is pushed there any more
  chunks_.insert(end == ListEnd::Front ? 0 : chunks_.size(),
                 is_large(text.size())
                     ? ListChunk::plain(text)
                     : ListChunk::packed(EntryWriter(text), end, limit_.chunk_bytes()));
  ++size_;
}

void ListChain::pop(ListEnd end) {
  const size_t index = end == ListEnd::Front ? 0 : chunks_.size() - 1;
  ListChunk& chunk = chunks_[index];
  if (chunk.count == 1) {
    drop_chunk(index);
    return;
  }
  if (end == ListEnd::Front) {
    chunk.erase(chunk.begin, chunk.next(chunk.begin), 1);
  } else {
    chunk.erase(chunk.previous(chunk.end), chunk.end, 1);
  }
  --size_;
}

void ListChain::erase_at(Spot spot) {
  ListChunk& chunk = chunks_[spot.chunk];
  if (chunk.count == 1) {
    drop_chunk(spot.chunk);
    return;
  }
  chunk.erase(spot.offset, chunk.next(spot.offset), 1);
  chunk.fit();
  --size_;
}

void ListChain::erase_range(size_t index, size_t count) {
  if (count == 0) return;
  Spot spot = locate(index);
  const ListChunk& first = chunks_[spot.chunk];
  const bool from_inside = !first.is_plain() && spot.offset != first.begin;
  size_t whole = 0;  // chunks of which nothing remains
  const size_t whole_from = spot.chunk + (from_inside ? 1 : 0);
  const auto erase_some = [&](size_t at, ListChunk::Offset from, size_t most) {
    ListChunk& chunk = chunks_[at];
    ListChunk::Offset to = from;
    size_t entries = 0;
    for (; entries < most && to != chunk.end; ++entries) to = chunk.next(to);
    chunk.erase(from, to, entries);
    chunk.fit();
    size_ -= entries;
    return entries;
  };
  if (from_inside) count -= erase_some(spot.chunk, spot.offset, count);
  for (; count > 0; ++whole) {
    ListChunk& chunk = chunks_[whole_from + whole];
    if (count < chunk.count) break;
    count -= chunk.count;
    size_ -= chunk.count;
    chunk.destroy();
  }
  if (count > 0) erase_some(whole_from + whole, chunks_[whole_from + whole].begin, count);
  chunks_.erase(whole_from, whole);
}

// Whether nothing lies in the chunk beyond the spot.
bool ListChain::at_edge(Spot spot, ListEnd side) const {
  const ListChunk& chunk = chunks_[spot.chunk];
  if (chunk.is_plain()) return true;
  return side == ListEnd::Front ? spot.offset == chunk.begin : chunk.next(spot.offset) == chunk.end;
}

void ListChain::split(Spot spot, ListEnd side) {
  ListChunk& chunk = chunks_[spot.chunk];
  const ListChunk tail =
      chunk.split(side == ListEnd::Front ? spot.offset : chunk.next(spot.offset));
  chunks_.insert(spot.chunk + 1, tail);
}

void ListChain::insert_plain(Spot spot, ListEnd side, std::string_view text, bool edge) {
  if (!edge) split(spot, side);
  const bool before = edge && side == ListEnd::Front;
  chunks_.insert(spot.chunk + (before ? 0 : 1), ListChunk::plain(text));
  ++size_;
}

void ListChain::insert(Spot spot, ListEnd side, std::string_view text) {
  const bool front = side == ListEnd::Front;
  const bool edge = at_edge(spot, side);
  if (is_large(text.size())) return insert_plain(spot, side, text, edge);
  if (takes(spot.chunk, text.size())) {
    ListChunk& chunk = chunks_[spot.chunk];
    chunk.insert(front ? spot.offset : chunk.next(spot.offset), EntryWriter(text),
                 limit_.chunk_bytes());
    ++size_;
    return;
  }
  if (!edge) {
    split(spot, side);
    insert_into(spot.chunk + (front ? 0 : 1), front ? ListEnd::Back : ListEnd::Front, text);
    merge_around(spot.chunk + (front ? 1 : 0));
    return;
  }
  const size_t neighbour = front ? spot.chunk - 1 : spot.chunk + 1;  // wraps: then there is none
  if (takes(neighbour, text.size())) {
    insert_into(neighbour, front ? ListEnd::Back : ListEnd::Front, text);
    return;
  }
  chunks_.insert(spot.chunk + (front ? 0 : 1),
                 ListChunk::packed(EntryWriter(text), side, limit_.chunk_bytes()));
  ++size_;
}

void ListChain::replace(Spot spot, std::string_view text) {
  ListChunk& chunk = chunks_[spot.chunk];
  const bool large = is_large(text.size());
  if (!chunk.is_plain()) {
    // As in Redis, what replaces may be longer than the limit of a chunk.
    if (!large && chunk.used() + text.size() < ListChunk::kMaxBytes - kEntryOverhead) {
      chunk.replace(spot.offset, EntryWriter(text), limit_.chunk_bytes());
    } else {
      replace_by_chunk(spot, text);
    }
  } else if (large) {
    chunk.destroy();
    chunk = ListChunk::plain(text);
  } else {
    insert(spot, ListEnd::Back, text);
    drop_chunk(spot.chunk);
  }
}

// The text gets a chunk of its own, between what is before and what is behind the spot.
void ListChain::replace_by_chunk(Spot spot, std::string_view text) {
  if (!at_edge(spot, ListEnd::Back)) split(spot, ListEnd::Back);
  chunks_.insert(spot.chunk + 1,
                 is_large(text.size())
                     ? ListChunk::plain(text)
                     : ListChunk::packed(EntryWriter(text), ListEnd::Back, limit_.chunk_bytes()));
  ++size_;
  const bool alone = chunks_[spot.chunk].count == 1;
  // The split may have moved the entry: it is the last one of its chunk now.
  const ListChunk& left = chunks_[spot.chunk];
  erase_at({spot.chunk, left.previous(left.end)});
  if (!alone) merge_around(spot.chunk + 1);
}

// Redis tries these four pairs, in this order.
void ListChain::merge_around(size_t chunk) {
  if (chunk >= 2 && merge_with_next(chunk - 2)) --chunk;
  if (chunk + 2 < chunks_.size()) merge_with_next(chunk + 1);
  if (chunk >= 1 && merge_with_next(chunk - 1)) --chunk;
  if (chunk + 1 < chunks_.size()) merge_with_next(chunk);
}

bool ListChain::merge_with_next(size_t chunk) {
  ListChunk& left = chunks_[chunk];
  ListChunk& right = chunks_[chunk + 1];
  if (left.is_plain() || right.is_plain()) return false;
  const size_t bytes = left.node_bytes() + right.node_bytes() - Listpack::kEmptyBytes;
  if (limit_.exceeded(bytes, size_t{left.count} + right.count)) return false;
  left.append(right, limit_.chunk_bytes());
  right.destroy();
  chunks_.erase(chunk + 1);
  return true;
}

size_t ListChain::remove(const PackedNeedle& needle, ListEnd from, size_t limit) {
  size_t removed = 0;
  size_t left = chunks_.size();
  size_t index = from == ListEnd::Front ? 0 : left - 1;
  for (; left > 0 && removed < limit; --left) {
    const size_t here = remove_in(index, needle, from, limit - removed);
    removed += here;
    size_ -= here;
    const bool gone = chunks_[index].count == 0;
    if (gone) {
      drop_chunk(index);
    } else if (here > 0) {
      chunks_[index].fit();
    }
    if (from == ListEnd::Back) {
      --index;
    } else if (!gone) {
      ++index;
    }
  }
  return removed;
}

// Removes in one chunk, which may be left empty.
size_t ListChain::remove_in(size_t index, const PackedNeedle& needle, ListEnd from, size_t limit) {
  ListChunk& chunk = chunks_[index];
  if (chunk.is_plain()) {
    if (!needle.matches(PackedValue(chunk.text()))) return 0;
    chunk.count = 0;
    return 1;
  }
  size_t removed = 0;
  if (from == ListEnd::Front) {
    for (ListChunk::Offset at = chunk.begin; at != chunk.end && removed < limit;) {
      const ListChunk::Offset behind = chunk.next(at);
      const bool hit = needle.matches(entry_value(chunk.bytes + at));
      at = hit ? chunk.erase(at, behind, 1) : behind;
      removed += hit;
    }
    return removed;
  }
  for (ListChunk::Offset behind = chunk.end; behind != chunk.begin && removed < limit;) {
    const ListChunk::Offset at = chunk.previous(behind);
    const bool hit = needle.matches(entry_value(chunk.bytes + at));
    behind = hit ? chunk.erase(at, behind, 1) : at;
    removed += hit;
  }
  return removed;
}

}  // namespace types
