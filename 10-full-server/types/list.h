// SPDX-License-Identifier: MIT
//
// The list type: a listpack while it is small, a chain of chunks when it is long. It turns from one
// into the other by Redis' rules, so that OBJECT ENCODING answers the same:
//
//   handle, 8 bytes:   0            nothing yet          "listpack"
//                      …0           Listpack             "listpack"
//                      …1           ListChain            "quicklist"
//
// What adds turns a list into a chain first, where that is due. What removes leaves the shape
// alone: a command calls shrink() when it is done. Moved byte by byte; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "10-full-server/types/list_chain.h"
#include "shared/keyspace/type_descriptor.h"
#include "shared/util/function_ref.h"

namespace types {

// An element of a list and its neighbours. Valid until the list changes.
class ListCursor {
 public:
  ListCursor() = default;  // none

  explicit operator bool() const { return at_ != nullptr; }
  PackedValue value() const {  // REQUIRES: there is one
    return plain_ ? PackedValue(chunk_->text()) : entry_value(at_);
  }
  void next();
  void previous();
  void step(ListEnd towards) { towards == ListEnd::Back ? next() : previous(); }

 private:
  friend class List;
  void enter(const ListChunk* chunk);

  const uint8_t* at_ = nullptr;
  const uint8_t* begin_ = nullptr;  // of the entries in this chunk or listpack
  const uint8_t* end_ = nullptr;
  const ListChunk* chunk_ = nullptr;  // null in a listpack
  const ListChunk* first_chunk_ = nullptr;
  const ListChunk* last_chunk_ = nullptr;
  bool plain_ = false;
};

class List {
 public:
  static constexpr bool kDeleteWhenEmpty = true;
  static const keyspace::TypeDescriptor& descriptor();

  List() = default;
  List(List&& other) noexcept : word_(std::exchange(other.word_, 0)) {}
  List& operator=(List&& other) noexcept {
    std::swap(word_, other.word_);
    return *this;
  }
  ~List();
  List clone() const;  // with the same shape

  bool empty() const { return size() == 0; }
  size_t size() const;
  bool is_packed() const { return (word_ & kChain) == 0; }
  std::string_view encoding_name() const { return is_packed() ? "listpack" : "quicklist"; }
  size_t memory_size() const;  // without the handle
  size_t node_count() const { return is_packed() ? 1 : chain()->chunks().size(); }

  // The element of that number; negative ones count from the end, -1 being the last. None: false.
  ListCursor at(int64_t index) const;
  ListCursor front() const { return at(0); }
  ListCursor back() const { return at(-1); }

  // Texts must lie outside the list.
  void push(ListEnd end, std::span<const std::string_view> texts);  // one behind the other
  void push(ListEnd end, std::string_view text) { push(end, std::span(&text, 1)); }
  void push_front(std::string_view text) { push(ListEnd::Front, text); }
  void push_back(std::string_view text) { push(ListEnd::Back, text); }
  void pop(ListEnd end);  // REQUIRES: not empty
  void pop_front() { pop(ListEnd::Front); }
  void pop_back() { pop(ListEnd::Back); }
  // False: the list has no such element. It may have become a chain all the same.
  bool set(int64_t index, std::string_view text);
  bool insert(ListEnd side, std::string_view pivot, std::string_view text);  // at the first pivot
  // Removes elements equal to the text: the first `count`, the last -`count`, or, with 0, all.
  size_t remove(std::string_view text, int64_t count);
  void erase_range(size_t index, size_t count);  // REQUIRES: index + count <= size()

  // A chain that has got small becomes a listpack: at half the limit, lest it go to and fro.
  void shrink();

  // Redis' files hold a list as nodes: listpacks, and plain texts. `bytes` are valid during a
  // visit.
  void for_each_node(util::FunctionRef<void(bool plain, std::string_view bytes)> visit) const;
  // Adds a node that was read. REQUIRES: Listpack::validate(bytes), unless plain. When all are
  // there, settle() chooses the shape.
  void append_node(bool plain, std::string_view bytes);
  void settle();

 private:
  static constexpr uintptr_t kChain = 1;

  const ListChain* chain() const { return reinterpret_cast<const ListChain*>(word_ - kChain); }
  ListChain* chain() { return reinterpret_cast<ListChain*>(word_ - kChain); }
  // Calls `use` with the listpack, and takes it back.
  template <class Use>
  auto with_pack(Use&& use);
  template <class Use>
  auto with_pack(Use&& use) const;
  void prepare(size_t more_bytes, size_t more_elements);
  void become_chain();
  void become_listpack(bool half);
  ListChain::Spot spot(const ListCursor& cursor) const;

  uintptr_t word_ = 0;
};
static_assert(sizeof(List) == 8);

inline void ListCursor::next() {
  at_ = plain_ ? end_ : at_ + entry_size(at_);
  if (at_ != end_) [[likely]]
    return;
  at_ = nullptr;
  if (chunk_ == last_chunk_) return;  // both are null in a listpack
  enter(chunk_ + 1);
  at_ = begin_;
}

inline void ListCursor::previous() {
  if (at_ != begin_) [[likely]] {
    at_ = entry_before(at_);
    return;
  }
  at_ = nullptr;
  if (chunk_ == first_chunk_) return;
  enter(chunk_ - 1);
  at_ = plain_ ? begin_ : entry_before(end_);
}

}  // namespace types
