// SPDX-License-Identifier: MIT
//
// A big set: one allocation per member, found through 64-byte buckets.
//
//   17 bytes of length and text in size class 32, and 12.3 of buckets: 44 bytes for a member of 16.
//
// A SetTable is one pointer, null for the empty set that never had a member; moving its 8 bytes
// moves the set (release() and adopt() do that for owners that pack them). One thread; a set that
// nobody else holds may be destroyed by any.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "10-full-server/collections/member.h"
#include "10-full-server/collections/member_table.h"

namespace collections {

class SetTable {
 public:
  SetTable() = default;

  bool empty() const { return size() == 0; }
  size_t size() const { return body_ == nullptr ? 0 : body_->size(); }

  // False: it was there.
  bool add(std::string_view member);
  // False: it was not there. `member` may be the set's own text.
  bool remove(std::string_view member);
  bool contains(std::string_view member) const;

  // Texts are valid until the next change. For all below: `visit` does not change the set.
  template <class Visit>  // void(std::string_view)
  void for_each(Visit&& visit) const {
    if (body_ == nullptr) return;
    body_->for_each([&](const SetMember& member) { visit(member.text()); });
  }
  // One step of a walk that begins and ends with 0; see MemberTable::scan.
  template <class Visit>  // void(std::string_view)
  Cursor scan(Cursor cursor, Visit&& visit) const {
    if (body_ == nullptr) return 0;
    return body_->scan(cursor, [&](const SetMember& member) { visit(member.text()); });
  }
  // REQUIRES: !empty().
  std::string_view random(util::Random& random) const { return body_->random(random)->text(); }
  // Removes a member at random. REQUIRES: !empty().
  Taken<SetMember> take_random(util::Random& random);

  SetTable clone() const;
  size_t memory_size() const;                    // bytes, without the 8 of the handle
  size_t free_effort() const { return size(); }  // allocations that destroying it frees, nearly

  // The handle as a word, and back. Each word is adopted once.
  uintptr_t release() { return reinterpret_cast<uintptr_t>(body_.release()); }
  static SetTable adopt(uintptr_t word);

  // What contradicts the structure, or "". Reads everything.
  std::string find_fault() const;

 private:
  using Body = MemberTable<SetMember>;
  std::unique_ptr<Body> body_;
};
static_assert(sizeof(SetTable) == 8);

}  // namespace collections
