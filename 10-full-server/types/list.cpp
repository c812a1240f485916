// SPDX-License-Identifier: MIT
#include "10-full-server/types/list.h"

#include <cassert>
#include <new>

#include "shared/keyspace/entry.h"
#include "shared/util/memory.h"

namespace types {

namespace {

ListLimit configured_limit() { return ListLimit(list_settings.max_listpack_size); }

const List& list_at(const void* handle) { return *std::launder(static_cast<const List*>(handle)); }

size_t memory_of(const keyspace::Entry& entry) {
  const uint64_t word = entry.word();
  return memory::good_size(entry.allocation_size()) + list_at(&word).memory_size();
}

std::string_view encoding_of(const keyspace::Entry& entry) {
  const uint64_t word = entry.word();
  return list_at(&word).encoding_name();
}

void mix_elements(const keyspace::Entry& entry, keyspace::Digest& digest) {
  const uint64_t word = entry.word();
  PackedValue::Scratch scratch;
  for (ListCursor each = list_at(&word).front(); each; each.next()) {
    digest.mix(each.value().text(scratch));
  }
}

constexpr keyspace::TypeDescriptor kDescriptor = {
    .id = keyspace::TypeId::List,
    .name = "list",
    .destroy = [](void* handle) { std::launder(static_cast<List*>(handle))->~List(); },
    .clone = [](const void* from, void* to) { new (to) List(list_at(from).clone()); },
    .length = [](const void* handle) { return list_at(handle).size(); },
    .memory = memory_of,
    .free_effort = [](const void* handle) { return list_at(handle).node_count(); },
    .encoding_name = encoding_of,
    .digest = mix_elements,
};

}  // namespace

const keyspace::TypeDescriptor& List::descriptor() { return kDescriptor; }

template <class Use>
auto List::with_pack(Use&& use) {
  struct Loan {
    explicit Loan(uintptr_t& owner) : word(owner), pack(Listpack::adopt(owner)) {}
    ~Loan() { word = pack.release(); }
    uintptr_t& word;
    Listpack pack;
  } loan(word_);
  return use(loan.pack);
}

template <class Use>
auto List::with_pack(Use&& use) const {
  return const_cast<List*>(this)->with_pack([&](const Listpack& pack) { return use(pack); });
}

List::~List() {
  if (is_packed()) {
    Listpack::adopt(word_);
  } else {
    delete chain();
  }
}

List List::clone() const {
  List copy;
  copy.word_ = is_packed() ? with_pack([](const Listpack& pack) { return pack.clone().release(); })
                           : reinterpret_cast<uintptr_t>(chain()->clone()) + kChain;
  return copy;
}

size_t List::size() const {
  if (!is_packed()) return chain()->size();
  return with_pack([](const Listpack& pack) { return pack.size(); });
}

size_t List::memory_size() const {
  if (!is_packed()) return chain()->memory_size();
  return with_pack([](const Listpack& pack) { return pack.memory_size(); });
}

void ListCursor::enter(const ListChunk* chunk) {
  chunk_ = chunk;
  plain_ = chunk->is_plain();
  begin_ = chunk->bytes + chunk->begin;
  end_ = plain_ ? begin_ + 1 : chunk->bytes + chunk->end;
}

ListCursor List::at(int64_t index) const {
  ListCursor cursor;
  if (is_packed()) {
    with_pack([&](const Listpack& pack) {
      const Listpack::Position at = pack.seek(index);
      if (at == pack.end()) return;
      const auto* const bytes = reinterpret_cast<const uint8_t*>(pack.bytes().data());
      cursor.at_ = bytes + at;
      cursor.begin_ = bytes + pack.begin();
      cursor.end_ = bytes + pack.end();
    });
    return cursor;
  }
  const auto count = static_cast<int64_t>(chain()->size());
  if (index < -count || index >= count) return cursor;
  const ListChain::Spot spot =
      chain()->locate(static_cast<size_t>(index < 0 ? index + count : index));
  const GapArray<ListChunk>& chunks = chain()->chunks();
  cursor.first_chunk_ = chunks.begin();
  cursor.last_chunk_ = chunks.end() - 1;
  cursor.enter(&chunks[spot.chunk]);
  cursor.at_ = cursor.plain_ ? cursor.begin_ : cursor.chunk_->bytes + spot.offset;
  return cursor;
}

// Where a cursor into the chain stands.
ListChain::Spot List::spot(const ListCursor& cursor) const {
  return {static_cast<size_t>(cursor.chunk_ - cursor.first_chunk_),
          static_cast<ListChunk::Offset>(cursor.at_ - cursor.chunk_->bytes)};
}

// Redis looks at the texts' bytes, not at what they will take, and at all texts of a command at
// once.
void List::prepare(size_t more_bytes, size_t more_elements) {
  if (!is_packed()) return;
  const bool exceeded = with_pack([&](const Listpack& pack) {
    return configured_limit().exceeded(pack.byte_size() + more_bytes, pack.size() + more_elements);
  });
  if (exceeded) become_chain();
}

void List::become_chain() {
  auto* const fresh = new ListChain;
  with_pack([&](Listpack& pack) {
    if (!pack.empty()) fresh->append_chunk(ListChunk::packed(std::move(pack)));
    pack.clear();
  });
  word_ = reinterpret_cast<uintptr_t>(fresh) + kChain;
}

void List::become_listpack(bool half) {
  if (is_packed() || chain()->chunks().size() != 1) return;
  const ListChunk& only = chain()->chunks()[0];
  if (only.is_plain() || !configured_limit().small(only.node_bytes(), only.count, half)) return;
  const ListChain* const old = chain();
  word_ = old->to_listpack().release();
  delete old;
}

void List::shrink() { become_listpack(true); }

void List::settle() {
  if (is_packed()) {
    prepare(0, 0);
  } else {
    become_listpack(false);
  }
}

void List::push(ListEnd end, std::span<const std::string_view> texts) {
  size_t bytes = 0;
  for (const std::string_view text : texts) bytes += text.size();
  prepare(bytes, texts.size());
  if (!is_packed()) {
    for (const std::string_view text : texts) chain()->push(end, text);
    return;
  }
  with_pack([&](Listpack& pack) {
    for (const std::string_view text : texts) {
      pack.insert(end == ListEnd::Front ? pack.begin() : pack.end(), text);
    }
  });
}

void List::pop(ListEnd end) {
  assert(!empty());
  if (!is_packed()) return chain()->pop(end);
  with_pack(
      [&](Listpack& pack) { pack.erase(end == ListEnd::Front ? pack.begin() : pack.last()); });
}

bool List::set(int64_t index, std::string_view text) {
  prepare(text.size(), 1);
  const ListCursor cursor = at(index);
  if (!cursor) return false;
  if (is_packed()) {
    with_pack([&](Listpack& pack) { pack.replace(pack.seek(index), text); });
  } else {
    chain()->replace(spot(cursor), text);
  }
  return true;
}

bool List::insert(ListEnd side, std::string_view pivot, std::string_view text) {
  prepare(text.size(), 1);
  if (is_packed()) {
    return with_pack([&](Listpack& pack) {
      const Listpack::Position at = pack.find(pivot);
      if (at == pack.end()) return false;
      pack.insert(side == ListEnd::Front ? at : pack.next(at), text);
      return true;
    });
  }
  const PackedNeedle needle(pivot);
  for (ListCursor cursor = front(); cursor; cursor.next()) {
    if (!needle.matches(cursor.value())) continue;
    chain()->insert(spot(cursor), side, text);
    return true;
  }
  return false;
}

namespace {

size_t remove_from(Listpack& pack, const PackedNeedle& needle, ListEnd from, size_t limit) {
  size_t removed = 0;
  if (from == ListEnd::Front) {
    for (Listpack::Position at = pack.begin(); at != pack.end() && removed < limit;) {
      if (!needle.matches(pack.value(at))) {
        at = pack.next(at);
        continue;
      }
      pack.erase(at);
      ++removed;
    }
    return removed;
  }
  for (Listpack::Position at = pack.end(); at != pack.begin() && removed < limit;) {
    at = pack.previous(at);
    if (!needle.matches(pack.value(at))) continue;
    pack.erase(at);
    ++removed;
  }
  return removed;
}

}  // namespace

size_t List::remove(std::string_view text, int64_t count) {
  const PackedNeedle needle(text);
  const ListEnd from = count < 0 ? ListEnd::Back : ListEnd::Front;
  const auto magnitude = static_cast<uint64_t>(count);
  const size_t limit = count == 0 ? SIZE_MAX : count < 0 ? 0 - magnitude : magnitude;
  if (!is_packed()) return chain()->remove(needle, from, limit);
  return with_pack([&](Listpack& pack) { return remove_from(pack, needle, from, limit); });
}

void List::erase_range(size_t index, size_t count) {
  if (!is_packed()) return chain()->erase_range(index, count);
  with_pack([&](Listpack& pack) { pack.erase_range(static_cast<int64_t>(index), count); });
}

void List::for_each_node(util::FunctionRef<void(bool plain, std::string_view bytes)> visit) const {
  if (is_packed()) {
    with_pack([&](const Listpack& pack) { visit(false, pack.bytes()); });
    return;
  }
  util::ByteBuffer buffer;
  for (const ListChunk& chunk : chain()->chunks()) visit(chunk.is_plain(), chunk.node(buffer));
}

void List::append_node(bool plain, std::string_view bytes) {
  if (is_packed()) become_chain();
  if (plain) {
    if (!bytes.empty()) chain()->append_chunk(ListChunk::plain(bytes));
    return;
  }
  Listpack pack = Listpack::from(bytes);
  if (!pack.empty()) chain()->append_chunk(ListChunk::packed(std::move(pack)));
}

}  // namespace types
