// SPDX-License-Identifier: MIT
#include "10-full-server/types/set.h"

#include <algorithm>
#include <new>

#include "shared/keyspace/entry.h"
#include "shared/util/memory.h"

namespace types {

namespace {

const Set& set_at(const void* handle) { return *std::launder(static_cast<const Set*>(handle)); }

// Calls `use` with the set of an entry.
template <class Use>
auto with_set(const keyspace::Entry& entry, Use&& use) {
  const uint64_t word = entry.word();
  return use(set_at(&word));
}

size_t memory_of(const keyspace::Entry& entry) {
  return memory::good_size(entry.allocation_size()) +
         with_set(entry, [](const Set& set) { return set.memory_size(); });
}

void add_to_digest(const keyspace::Entry& entry, keyspace::Digest& digest) {
  with_set(entry, [&](const Set& set) {
    set.for_each([&](PackedValue member) {
      PackedValue::Scratch scratch;
      digest.add(member.text(scratch));
    });
  });
}

constexpr keyspace::TypeDescriptor kDescriptor = {
    .id = keyspace::TypeId::Set,
    .name = "set",
    .destroy = [](void* handle) { std::launder(static_cast<Set*>(handle))->~Set(); },
    .clone = [](const void* from, void* to) { new (to) Set(set_at(from).clone()); },
    .length = [](const void* handle) { return set_at(handle).size(); },
    .memory = memory_of,
    .free_effort = [](const void* handle) { return set_at(handle).free_effort(); },
    .encoding_name =
        [](const keyspace::Entry& entry) {
          return with_set(entry, [](const Set& set) { return set.encoding_name(); });
        },
    .digest = add_to_digest,
};

// Redis' intsets count in 32 bits and double when they widen.
size_t most_integers() {
  return std::min<uint64_t>(set_settings.max_intset_entries, uint64_t{1} << 30);
}

size_t digits_of(int64_t number) {
  char digits[util::kMaxInt64Digits];
  return util::format_int64(number, digits);
}

}  // namespace

const keyspace::TypeDescriptor& Set::descriptor() { return kDescriptor; }

Set Set::integers() {
  Set set;
  set.word_ = kIntSet;
  return set;
}

Set Set::from(IntSet members) {
  Set set;
  set.word_ = members.release() | kIntSet;
  if (set.size() > most_integers()) set.become_table();
  return set;
}

Set Set::from(Listpack members) {
  Set set;
  set.word_ = members.release();
  if (set.size() > set_settings.max_listpack_entries) set.become_table();
  return set;
}

// Destroys the body, and takes another.
void Set::replace_body(uintptr_t word) {
  switch (encoding()) {
    case SetEncoding::Listpack:
      Listpack::adopt(word_);
      break;
    case SetEncoding::IntSet:
      IntSet::adopt(word_ & ~kTags);
      break;
    case SetEncoding::Table:
      collections::SetTable::adopt(word_ & ~kTags);
      break;
  }
  word_ = word;
}

Set::~Set() { replace_body(0); }

Set Set::clone() const {
  Set copy;
  switch (encoding()) {
    case SetEncoding::Listpack:
      copy.word_ = PackLent(*this)->clone().release();
      break;
    case SetEncoding::IntSet:
      copy.word_ = IntsLent(*this)->clone().release() | kIntSet;
      break;
    case SetEncoding::Table:
      copy.word_ = TableLent(*this)->clone().release() | kTable;
      break;
  }
  return copy;
}

size_t Set::size() const {
  switch (encoding()) {
    case SetEncoding::Listpack:
      return PackLent(*this)->size();
    case SetEncoding::IntSet:
      return IntsLent(*this)->size();
    default:
      return TableLent(*this)->size();
  }
}

std::string_view Set::encoding_name() const {
  switch (encoding()) {
    case SetEncoding::Listpack:
      return "listpack";
    case SetEncoding::IntSet:
      return "intset";
    default:
      return "hashtable";
  }
}

size_t Set::memory_size() const {
  switch (encoding()) {
    case SetEncoding::Listpack:
      return PackLent(*this)->memory_size();
    case SetEncoding::IntSet:
      return IntsLent(*this)->memory_size();
    default:
      return TableLent(*this)->memory_size();
  }
}

size_t Set::free_effort() const {
  return encoding() == SetEncoding::Table ? TableLent(*this)->free_effort() : 1;
}

std::string_view Set::packed_bytes() const {
  return encoding() == SetEncoding::IntSet ? IntsLent(*this)->bytes() : PackLent(*this)->bytes();
}

void Set::become_table() {
  collections::SetTable table;
  for_each([&](PackedValue member) {
    PackedValue::Scratch scratch;
    table.add(member.text(scratch));
  });
  replace_body(table.release() | kTable);
}

void Set::become_listpack() {
  Listpack pack;
  for_each([&](PackedValue member) { pack.append(member.number()); });
  replace_body(pack.release());
}

void Set::settle_as_integers() {
  if (encoding() == SetEncoding::IntSet || size() > most_integers()) return;
  IntSet integers;
  for_each([&](PackedValue member) {
    PackedValue::Scratch scratch;
    integers.insert(member.is_number() ? member.number()
                                       : *util::parse_int64(member.text(scratch)));
  });
  replace_body(integers.release() | kIntSet);
}

void Set::prepare(std::string_view first, size_t count) {
  const bool packs = count <= set_settings.max_listpack_entries;
  if (word_ == 0) {  // new
    if (count <= set_settings.max_intset_entries && util::parse_int64(first)) {
      word_ = kIntSet;
    } else if (!packs) {
      word_ = kTable;
    }
  } else if (encoding() == SetEncoding::Listpack
                 ? !packs
                 : encoding() == SetEncoding::IntSet && count > set_settings.max_intset_entries) {
    become_table();
  }
}

bool Set::add(std::string_view member) {
  switch (encoding()) {
    case SetEncoding::Listpack:
      return add_to_listpack(member);
    case SetEncoding::IntSet:
      return add_to_integers(member);
    default:
      return Changing<collections::SetTable>(*this)->add(member);
  }
}

bool Set::add(PackedValue member) {
  if (member.is_number() && encoding() == SetEncoding::IntSet) {
    if (!Changing<IntSet>(*this)->insert(member.number())) return false;
    if (size() > most_integers()) become_table();
    return true;
  }
  PackedValue::Scratch scratch;
  return add(member.text(scratch));
}

bool Set::add_to_listpack(std::string_view member) {
  {
    Changing<Listpack> pack(*this);
    if (pack->find(member) != pack->end()) return false;
    if (pack->size() < set_settings.max_listpack_entries &&
        member.size() <= set_settings.max_listpack_value && pack->fits(member.size())) {
      pack->append(member);
      return true;
    }
  }
  become_table();
  return Changing<collections::SetTable>(*this)->add(member);
}

// Whether the integers and this member, which is none, may be a listpack.
bool Set::listpack_may_hold(std::string_view member) const {
  const IntsLent ints(*this);
  const size_t count = ints->size();
  size_t digits = 0, bytes = 0;
  if (count > 0) {
    const int64_t lowest = ints->at(0), highest = ints->at(count - 1);
    digits = std::max(digits_of(lowest), digits_of(highest));
    bytes = count * std::max(EntryWriter(lowest).size(), EntryWriter(highest).size());
  }
  return count < set_settings.max_listpack_entries &&
         std::max(digits, member.size()) <= set_settings.max_listpack_value &&
         Listpack().fits(bytes + member.size());
}

bool Set::add_to_integers(std::string_view member) {
  if (const auto number = util::parse_int64(member)) return add(PackedValue(*number));
  if (!listpack_may_hold(member)) {
    become_table();
    return Changing<collections::SetTable>(*this)->add(member);
  }
  become_listpack();
  Changing<Listpack>(*this)->append(member);
  return true;
}

bool Set::remove(std::string_view member) {
  if (encoding() == SetEncoding::Table)
    return Changing<collections::SetTable>(*this)->remove(member);
  if (encoding() == SetEncoding::IntSet) {
    const auto number = util::parse_int64(member);
    return number && Changing<IntSet>(*this)->erase(*number);
  }
  Changing<Listpack> pack(*this);
  const Listpack::Position at = pack->find(member);
  if (at == pack->end()) return false;
  pack->erase(at);
  return true;
}

bool Set::remove(PackedValue member) {
  if (member.is_number() && encoding() == SetEncoding::IntSet)
    return Changing<IntSet>(*this)->erase(member.number());
  PackedValue::Scratch scratch;
  return remove(member.text(scratch));
}

bool Set::contains(std::string_view member) const {
  if (encoding() == SetEncoding::Table) return TableLent(*this)->contains(member);
  if (encoding() == SetEncoding::IntSet) {
    const auto number = util::parse_int64(member);
    return number && IntsLent(*this)->contains(*number);
  }
  const PackLent pack(*this);
  return pack->find(member) != pack->end();
}

bool Set::contains(PackedValue member) const {
  if (member.is_number() && encoding() == SetEncoding::IntSet)
    return IntsLent(*this)->contains(member.number());
  PackedValue::Scratch scratch;
  return contains(member.text(scratch));
}

PackedValue Set::random(util::Random& random) const {
  if (encoding() == SetEncoding::Table) return PackedValue(TableLent(*this)->random(random));
  if (encoding() == SetEncoding::IntSet) return PackedValue(IntsLent(*this)->random(random));
  const PackLent pack(*this);
  return pack->value(pack->seek(static_cast<int64_t>(random.below(pack->size()))));
}

}  // namespace types
