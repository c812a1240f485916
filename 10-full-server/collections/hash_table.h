// SPDX-License-Identifier: MIT
//
// A big hash: one allocation per field, which holds its value too, found through 64-byte buckets.
//
//   26 bytes of lengths, field (16) and value (8) in size class 32, and 12.3 of buckets: 44 bytes.
//
// A new value that fits the size class is written over the old one; else the field moves. A
// HashTable is one pointer, null for the empty hash that never had a field; moving its 8 bytes
// moves the hash (release() and adopt() do that for owners that pack them). One thread; a hash that
// nobody else holds may be destroyed by any.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "10-full-server/collections/member.h"
#include "10-full-server/collections/member_table.h"

namespace collections {

class HashTable {
 public:
  struct Field {
    std::string_view name;
    std::string_view value;
  };

  HashTable() = default;

  bool empty() const { return size() == 0; }
  size_t size() const { return body_ == nullptr ? 0 : body_->size(); }

  // Adds the field, or gives it a new value (false). `value` may be a part of the field's old one.
  bool set(std::string_view field, std::string_view value);
  // False: it was there, and keeps its value.
  bool add(std::string_view field, std::string_view value);
  // False: it was not there. `field` may be the hash's own text.
  bool remove(std::string_view field);
  std::optional<std::string_view> get(std::string_view field) const;
  bool contains(std::string_view field) const { return get(field).has_value(); }

  // Texts are valid until the next change. For all below: `visit` does not change the hash.
  template <class Visit>  // void(std::string_view field, std::string_view value)
  void for_each(Visit&& visit) const {
    if (body_ == nullptr) return;
    body_->for_each([&](const HashField& field) { visit(field.text(), field.value()); });
  }
  // One step of a walk that begins and ends with 0; see MemberTable::scan.
  template <class Visit>  // void(std::string_view field, std::string_view value)
  Cursor scan(Cursor cursor, Visit&& visit) const {
    if (body_ == nullptr) return 0;
    return body_->scan(cursor, [&](const HashField& field) { visit(field.text(), field.value()); });
  }
  // REQUIRES: !empty().
  Field random(util::Random& random) const;

  HashTable clone() const;
  size_t memory_size() const;                    // bytes, without the 8 of the handle
  size_t free_effort() const { return size(); }  // allocations that destroying it frees, nearly

  // The handle as a word, and back. Each word is adopted once.
  uintptr_t release() { return reinterpret_cast<uintptr_t>(body_.release()); }
  static HashTable adopt(uintptr_t word);

  // What contradicts the structure, or "". Reads everything.
  std::string find_fault() const;

 private:
  using Body = MemberTable<HashField>;
  Body& body();
  std::unique_ptr<Body> body_;
};
static_assert(sizeof(HashTable) == 8);

}  // namespace collections
