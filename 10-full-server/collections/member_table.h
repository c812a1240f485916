// SPDX-License-Identifier: MIT
//
// The elements of a collection by their text: the keyspace's bucket table (64-byte buckets, one of
// them split at a time), which here owns its items too. 16-bit tags rule out nearly all wrong
// elements before one is touched.
//
// An Element has text(), allocation_size() and a static destroy(). The bytes of the elements are
// counted as they come and go, so that memory_size() is exact and costs nothing. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "shared/keyspace/bucket_table.h"
#include "shared/keyspace/keyspace.h"
#include "shared/util/function_ref.h"
#include "shared/util/memory.h"
#include "shared/util/random.h"

namespace collections {

using Cursor = keyspace::BucketTable::Cursor;

inline uint64_t hash_text(std::string_view text) { return keyspace::Keyspace::hash(text); }

template <class Element>
class MemberTable {
 public:
  MemberTable() : table_(hash_of_item) {}
  MemberTable(const MemberTable&) = delete;
  MemberTable& operator=(const MemberTable&) = delete;
  ~MemberTable() {
    table_.clear([](void* item) { Element::destroy(static_cast<Element*>(item)); });
  }

  size_t size() const { return table_.size(); }
  // Bytes of the buckets and of the elements, as the allocator counts them.
  size_t memory_size() const { return table_.memory_size() + element_bytes_; }

  // `hash` is hash_text(text), here and below; computed once by whoever looks and then inserts.
  Element* find(uint64_t hash, std::string_view text) const {
    const keyspace::Slot* slot = find_slot(hash, text);
    return slot == nullptr ? nullptr : element_of(*slot);
  }

  // REQUIRES: no element has this text. Takes ownership.
  void insert(uint64_t hash, Element* element) {
    table_.insert(hash, element);
    element_bytes_ += memory::good_size(element->allocation_size());
  }

  // The element leaves the table and belongs to the caller; null if there is none.
  Element* take(uint64_t hash, std::string_view text) {
    keyspace::Slot* slot = find_slot(hash, text);
    return slot == nullptr ? nullptr : take_slot(hash, slot);
  }
  // REQUIRES: the table holds this very element.
  void take(Element* element) {
    const uint64_t hash = hash_text(element->text());
    take_slot(hash, find_slot_of(hash, element));
  }

  // Puts what `change(element)` returns in the place of the element with this text: the same
  // element changed, or one that replaced and destroyed it. False if there is none.
  template <class Change>
  bool change(uint64_t hash, std::string_view text, Change&& change) {
    keyspace::Slot* slot = find_slot(hash, text);
    if (slot == nullptr) return false;
    Element* element = element_of(*slot);
    element_bytes_ -= memory::good_size(element->allocation_size());
    element = change(element);
    element_bytes_ += memory::good_size(element->allocation_size());
    table_.replace(slot, element);
    return true;
  }

  // Visits some elements and returns the next cursor; begins and ends with 0. What is held during
  // the whole iteration is visited at least once, however the table changes between the calls.
  // REQUIRES: `visit` does not change the table.
  template <class Visit>
  Cursor scan(Cursor cursor, Visit&& visit) const {
    return table_.scan(cursor, [&](void* item) { visit(*static_cast<const Element*>(item)); });
  }
  // In no order. REQUIRES: `visit` does not change the table.
  template <class Visit>
  void for_each(Visit&& visit) const {
    table_.for_each([&](void* item) { visit(*static_cast<const Element*>(item)); });
  }
  // Every element is equally likely (see BucketTable::random). REQUIRES: size() > 0.
  Element* random(util::Random& random) const {
    return static_cast<Element*>(table_.random(random));
  }

  // What contradicts the structure, or "": each element is found by its text, as itself, and the
  // counted bytes are right. Reads everything.
  std::string find_fault() const {
    size_t found = 0, bytes = 0;
    for_each([&](const Element& element) {
      found += find(hash_text(element.text()), element.text()) == &element ? 1 : 0;
      bytes += memory::good_size(element.allocation_size());
    });
    if (found != size()) return "an element is not found by its text";
    return bytes == element_bytes_ ? "" : "the elements' bytes are counted wrongly";
  }

 private:
  static uint64_t hash_of_item(const void* item) {
    return hash_text(static_cast<const Element*>(item)->text());
  }
  static Element* element_of(keyspace::Slot slot) {
    return static_cast<Element*>(keyspace::slot_item(slot));
  }

  template <class Matches>
  keyspace::Slot* find_slot_if(uint64_t hash, Matches&& matches) const {
    return table_.find(hash, [&](keyspace::Bucket& bucket, uint16_t tag) -> keyspace::Slot* {
      for (keyspace::Slot& slot : bucket.slots) {
        if (keyspace::slot_tag(slot) != tag || slot == 0 || keyspace::is_link(slot)) continue;
        if (matches(element_of(slot))) return &slot;
      }
      return nullptr;
    });
  }
  keyspace::Slot* find_slot(uint64_t hash, std::string_view text) const {
    return find_slot_if(hash, [&](const Element* held) { return held->text() == text; });
  }
  keyspace::Slot* find_slot_of(uint64_t hash, const Element* element) const {
    return find_slot_if(hash, [&](const Element* held) { return held == element; });
  }

  Element* take_slot(uint64_t hash, keyspace::Slot* slot) {
    Element* element = element_of(*slot);
    table_.erase(hash, slot);
    element_bytes_ -= memory::good_size(element->allocation_size());
    return element;
  }

  keyspace::BucketTable table_;
  size_t element_bytes_ = 0;
};

}  // namespace collections
