// SPDX-License-Identifier: MIT
//
// The guards through which commands touch collections. A collection is an 8-byte handle that may be moved byte by byte
// (a tagged pointer); it lies in its entry's word. View reads, Edit changes. Both are made by Context::view<T>() and
// Context::edit<T>(), which have answered WRONGTYPE already when the guard is false.
//
// An Edit of a missing key holds a fresh T that joins the keyspace only with changed(). changed() is the one place that
// reports, and it deletes a collection that was left empty. At most one Edit per key is open.
#pragma once

#include <cassert>
#include <concepts>
#include <cstring>
#include <exception>
#include <new>
#include <string_view>
#include <utility>

#include "shared/keyspace/keyspace.h"
#include "shared/keyspace/type_descriptor.h"

namespace keyspace {

template <class T>
concept Stored = sizeof(T) == sizeof(uint64_t) && std::default_initializable<T> && requires(const T value) {
  { T::descriptor() } -> std::same_as<const TypeDescriptor&>;
  { T::kDeleteWhenEmpty } -> std::convertible_to<bool>;
  { value.empty() } -> std::convertible_to<bool>;
};

// A new entry that takes over what `value` owns; not stored yet.
template <Stored T>
Entry* new_entry(std::string_view key, T&& value, UnixMs deadline, uint32_t clock) {
  uint64_t word;
  std::memcpy(&word, static_cast<const void*>(&value), sizeof word);
  new (&value) T();  // what it owned lies in the entry now
  return Entry::create({.key = key,
                        .deadline = deadline,
                        .type = T::descriptor().id,
                        .has_word = true,
                        .word = word,
                        .clock = clock});
}

template <Stored T>
class View {
 public:
  View() = default;  // false: wrong type, answered
  explicit View(Entry* entry) : entry_(entry), ok_(true) {}

  explicit operator bool() const { return ok_; }
  bool exists() const { return entry_ != nullptr; }
  Entry* entry() const { return entry_; }
  const T* operator->() const { return &value(); }
  const T& operator*() const { return value(); }

 private:
  const T& value() const {
    static const T kEmpty;
    return entry_ == nullptr ? kEmpty : *std::launder(static_cast<const T*>(entry_->word_address()));
  }
  Entry* entry_ = nullptr;
  bool ok_ = false;
};

template <Stored T>
class Edit {
 public:
  Edit() = default;  // false: wrong type, answered; or edit_existing() of a missing key
  Edit(Keyspace& keyspace, std::string_view key, Entry* entry) : keyspace_(&keyspace), key_(key), entry_(entry) {}
  Edit(const Edit&) = delete;
  Edit& operator=(const Edit&) = delete;
  ~Edit() { assert(!touched_ || reported_ || std::uncaught_exceptions() > 0); }

  explicit operator bool() const { return keyspace_ != nullptr; }
  bool exists() const { return entry_ != nullptr; }
  Entry* entry() const { return entry_; }

  T* operator->() {
    touched_ = true;
    return &value();
  }
  const T& read() { return value(); }
  // What was looked at need not be reported: nothing was changed.
  void unchanged() { reported_ = true; }

  // Reports `count` changes, stores a fresh collection, deletes an empty one (and reports that). False: it was deleted,
  // and the guard must not be used any more.
  bool changed(Event event, std::string_view name, int64_t count) {
    return report(event, name, count, true);
  }
  // The same for what only belongs to the value, as consumer groups to a stream: WATCH and caches do not mind.
  void changed_beside(Event event, std::string_view name, int64_t count) { report(event, name, count, false); }

 private:
  bool report(Event event, std::string_view name, int64_t count, bool value_changed) {
    reported_ = true;
    ChangeSink& sink = *keyspace_->environment().sink;
    if (entry_ == nullptr && !fresh_.empty()) {
      entry_ = keyspace_->store(
          new_entry(key_, std::move(fresh_), kNever, keyspace_->environment().clock));
    }
    if (count > 0) sink.on_change({keyspace_->index(), key_, event, name, count, value_changed});
    if (entry_ == nullptr || !T::kDeleteWhenEmpty || !value().empty()) return true;
    keyspace_->erase(std::exchange(entry_, nullptr));
    sink.on_change({keyspace_->index(), key_, Event::Generic, "del", 0});
    return false;
  }

  T& value() { return entry_ == nullptr ? fresh_ : *std::launder(static_cast<T*>(entry_->word_address())); }

  Keyspace* keyspace_ = nullptr;
  std::string_view key_;
  Entry* entry_ = nullptr;
  T fresh_;
  bool touched_ = false;
  bool reported_ = false;
};

}  // namespace keyspace
