// SPDX-License-Identifier: MIT
//
// The hash type: fields and values in turn in a listpack while they are few and short, a table else. It turns by Redis'
// rules, so that OBJECT ENCODING answers the same:
//
//   handle, 8 bytes:   …0    Listpack (0: nothing yet)   "listpack"     field, value, field, value, …
//                      …1    collections::HashTable      "hashtable"
//
// Adding may change the shape; removing never does. Moved byte by byte; one thread, and a hash that nobody else holds may
// be destroyed by any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "10-full-server/collections/hash_table.h"
#include "10-full-server/types/listpack.h"
#include "shared/keyspace/type_descriptor.h"

namespace types {

// What the server is configured to. Written and read by the thread that owns the keyspace.
struct HashSettings {
  uint64_t max_listpack_entries = 512;  // fields
  uint64_t max_listpack_value = 64;     // bytes of a field or a value
};
inline HashSettings hash_settings;

class Hash {
 public:
  static constexpr bool kDeleteWhenEmpty = true;
  static const keyspace::TypeDescriptor& descriptor();

  struct Pair {
    PackedValue field;
    PackedValue value;
  };

  Hash() = default;  // an empty listpack
  Hash(Hash&& other) noexcept : word_(std::exchange(other.word_, 0)) {}
  Hash& operator=(Hash&& other) noexcept {
    std::swap(word_, other.word_);
    return *this;
  }
  ~Hash();
  // REQUIRES: an even number of elements, no field twice. A table, when they are too many.
  static Hash from(Listpack pairs);
  Hash clone() const;  // with the same shape

  bool empty() const { return size() == 0; }
  size_t size() const;  // fields
  bool is_packed() const { return (word_ & kTable) == 0; }
  std::string_view encoding_name() const { return is_packed() ? "listpack" : "hashtable"; }
  size_t memory_size() const;             // bytes, without the handle
  size_t free_effort() const;             // allocations that destroying it frees, nearly
  std::string_view packed_bytes() const;  // as Redis' files hold them. REQUIRES: is_packed()

  // Makes it a table when these fields and values, in turn, are too much for a listpack. Redis decides for all that a
  // command brings before it adds the first.
  void prepare(std::span<const std::string_view> pairs);
  // Adds the field, or gives it a new value (false). Both texts must lie outside the hash.
  bool set(std::string_view field, std::string_view value);
  bool remove(std::string_view field);  // false: it was not there
  // Valid until the hash changes, as are all elements below.
  std::optional<PackedValue> get(std::string_view field) const;
  void become_table();

  // Every field is equally likely. REQUIRES: !empty().
  Pair random(util::Random& random) const;

  // `visit` does not change the hash.
  template <class Visit>  // void(PackedValue field, PackedValue value)
  void for_each(Visit&& visit) const;
  // One step of a walk that begins and ends with 0 (see MemberTable::scan). A listpack is visited in one step.
  template <class Visit>  // void(PackedValue field, PackedValue value)
  collections::Cursor scan(collections::Cursor cursor, Visit&& visit) const;

 private:
  static constexpr uintptr_t kTable = 1;

  // The body behind the handle, lent for reading.
  template <class Body>
  class Lent {
   public:
    explicit Lent(const Hash& hash) : body_(Body::adopt(hash.word_ & ~kTable)) {}
    Lent(const Lent&) = delete;
    ~Lent() { body_.release(); }
    const Body* operator->() const { return &body_; }

   private:
    Body body_;
  };
  // … for a change, after which the handle may be another.
  template <class Body>
  class Changing {
   public:
    explicit Changing(Hash& hash)
        : hash_(hash), tag_(hash.word_ & kTable), body_(Body::adopt(hash.word_ & ~kTable)) {}
    Changing(const Changing&) = delete;
    ~Changing() { hash_.word_ = body_.release() | tag_; }
    Body* operator->() { return &body_; }

   private:
    Hash& hash_;
    uintptr_t tag_;
    Body body_;
  };
  using PackLent = Lent<Listpack>;
  using TableLent = Lent<collections::HashTable>;

  bool set_packed(std::string_view field, std::string_view value);

  uintptr_t word_ = 0;
};
static_assert(sizeof(Hash) == 8);

template <class Visit>
void Hash::for_each(Visit&& visit) const {
  if (!is_packed()) {
    TableLent(*this)->for_each([&](std::string_view field, std::string_view value) {
      visit(PackedValue(field), PackedValue(value));
    });
    return;
  }
  const PackLent pack(*this);
  for (Listpack::Position at = pack->begin(), end = pack->end(); at != end;) {
    const Listpack::Position value = pack->next(at);
    visit(pack->value(at), pack->value(value));
    at = pack->next(value);
  }
}

template <class Visit>
collections::Cursor Hash::scan(collections::Cursor cursor, Visit&& visit) const {
  if (!is_packed()) {
    return TableLent(*this)->scan(cursor, [&](std::string_view field, std::string_view value) {
      visit(PackedValue(field), PackedValue(value));
    });
  }
  for_each(visit);
  return 0;
}

}  // namespace types
