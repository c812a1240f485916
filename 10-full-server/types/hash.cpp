// SPDX-License-Identifier: MIT
#include "10-full-server/types/hash.h"

#include <new>

#include "shared/keyspace/entry.h"
#include "shared/util/memory.h"

namespace types {

namespace {

constexpr size_t kPair = 2;  // elements of a listpack for each field

const Hash& hash_at(const void* handle) { return *std::launder(static_cast<const Hash*>(handle)); }

// Calls `use` with the hash of an entry.
template <class Use>
auto with_hash(const keyspace::Entry& entry, Use&& use) {
  const uint64_t word = entry.word();
  return use(hash_at(&word));
}

size_t memory_of(const keyspace::Entry& entry) {
  return memory::good_size(entry.allocation_size()) +
         with_hash(entry, [](const Hash& hash) { return hash.memory_size(); });
}

void add_to_digest(const keyspace::Entry& entry, keyspace::Digest& digest) {
  with_hash(entry, [&](const Hash& hash) {
    hash.for_each([&](PackedValue field, PackedValue value) {
      PackedValue::Scratch field_scratch, value_scratch;
      digest.add_pair(field.text(field_scratch), value.text(value_scratch));
    });
  });
}

constexpr keyspace::TypeDescriptor kDescriptor = {
    .id = keyspace::TypeId::Hash,
    .name = "hash",
    .destroy = [](void* handle) { std::launder(static_cast<Hash*>(handle))->~Hash(); },
    .clone = [](const void* from, void* to) { new (to) Hash(hash_at(from).clone()); },
    .length = [](const void* handle) { return hash_at(handle).size(); },
    .memory = memory_of,
    .free_effort = [](const void* handle) { return hash_at(handle).free_effort(); },
    .encoding_name =
        [](const keyspace::Entry& entry) {
          return with_hash(entry, [](const Hash& hash) { return hash.encoding_name(); });
        },
    .digest = add_to_digest,
};

}  // namespace

const keyspace::TypeDescriptor& Hash::descriptor() { return kDescriptor; }

Hash::~Hash() {
  if (is_packed()) {
    Listpack::adopt(word_);
  } else {
    collections::HashTable::adopt(word_ & ~kTable);
  }
}

Hash Hash::from(Listpack pairs) {
  Hash hash;
  hash.word_ = pairs.release();
  if (hash.size() > hash_settings.max_listpack_entries) hash.become_table();
  return hash;
}

Hash Hash::clone() const {
  Hash copy;
  copy.word_ = is_packed() ? PackLent(*this)->clone().release()
                           : TableLent(*this)->clone().release() | kTable;
  return copy;
}

size_t Hash::size() const {
  return is_packed() ? PackLent(*this)->size() / kPair : TableLent(*this)->size();
}

size_t Hash::memory_size() const {
  return is_packed() ? PackLent(*this)->memory_size() : TableLent(*this)->memory_size();
}

size_t Hash::free_effort() const { return is_packed() ? 1 : TableLent(*this)->free_effort(); }

std::string_view Hash::packed_bytes() const { return PackLent(*this)->bytes(); }

void Hash::become_table() {
  if (!is_packed()) return;
  collections::HashTable table;
  for_each([&](PackedValue field, PackedValue value) {
    PackedValue::Scratch field_scratch, value_scratch;
    table.set(field.text(field_scratch), value.text(value_scratch));
  });
  Listpack::adopt(word_);
  word_ = table.release() | kTable;
}

void Hash::prepare(std::span<const std::string_view> pairs) {
  if (!is_packed()) return;
  size_t bytes = 0;
  bool too_much = pairs.size() / kPair > hash_settings.max_listpack_entries;
  for (const std::string_view text : pairs) {
    bytes += text.size();
    too_much = too_much || text.size() > hash_settings.max_listpack_value;
  }
  if (too_much || !PackLent(*this)->fits(bytes)) become_table();
}

bool Hash::set_packed(std::string_view field, std::string_view value) {
  Changing<Listpack> pack(*this);
  const Listpack::Position at = pack->find(field, pack->begin(), kPair);
  if (at != pack->end()) {
    pack->replace(pack->next(at), value);
    return false;
  }
  pack->append(field);
  pack->append(value);
  return true;
}

bool Hash::set(std::string_view field, std::string_view value) {
  const uint64_t longest = hash_settings.max_listpack_value;
  if (is_packed() && (field.size() > longest || value.size() > longest)) become_table();
  if (!is_packed()) return Changing<collections::HashTable>(*this)->set(field, value);
  const bool added = set_packed(field, value);
  if (size() > hash_settings.max_listpack_entries) become_table();
  return added;
}

bool Hash::remove(std::string_view field) {
  if (!is_packed()) return Changing<collections::HashTable>(*this)->remove(field);
  Changing<Listpack> pack(*this);
  const Listpack::Position at = pack->find(field, pack->begin(), kPair);
  if (at == pack->end()) return false;
  pack->erase(at, kPair);
  return true;
}

std::optional<PackedValue> Hash::get(std::string_view field) const {
  if (!is_packed()) {
    const auto value = TableLent(*this)->get(field);
    if (!value) return std::nullopt;
    return PackedValue(*value);
  }
  const PackLent pack(*this);
  const Listpack::Position at = pack->find(field, pack->begin(), kPair);
  if (at == pack->end()) return std::nullopt;
  return pack->value(pack->next(at));
}

Hash::Pair Hash::random(util::Random& random) const {
  if (!is_packed()) {
    const auto field = TableLent(*this)->random(random);
    return {PackedValue(field.name), PackedValue(field.value)};
  }
  const PackLent pack(*this);
  const Listpack::Position at =
      pack->seek(static_cast<int64_t>(kPair * random.below(pack->size() / kPair)));
  return {pack->value(at), pack->value(pack->next(at))};
}

}  // namespace types
