// SPDX-License-Identifier: MIT
//
// The guards through which commands touch strings. A guard is made by Context::string() or Context::edit_string(), which
// have answered WRONGTYPE already when it is false. It lives inside one command; what it returned is valid until its next
// change. changed() reports once what was done: the destructor asserts that nothing went unreported.
#pragma once

#include <cassert>
#include <exception>
#include <string_view>

#include "shared/keyspace/keyspace.h"

namespace keyspace {

// Read. A missing key reads as an empty string; exists() tells the difference.
class StringView {
 public:
  StringView() = default;  // false: wrong type, answered
  explicit StringView(Entry* entry) : entry_(entry), ok_(true) {}

  explicit operator bool() const { return ok_; }
  bool exists() const { return entry_ != nullptr; }
  Entry* entry() const { return entry_; }
  std::string_view text() const { return entry_ == nullptr ? std::string_view{} : string_text(*entry_, scratch_); }
  size_t length() const { return text().size(); }
  // The value's bytes where they lie, when they are a blob; to be sent without a copy.
  util::Blob blob() const { return entry_ != nullptr && entry_->has_blob() ? string_blob(*entry_) : util::Blob{}; }

 private:
  Entry* entry_ = nullptr;
  bool ok_ = false;
  mutable StringScratch scratch_;
};

// Write. Nothing is created before the first change.
class StringEdit {
 public:
  StringEdit() = default;  // false: wrong type, answered
  StringEdit(Keyspace& keyspace, std::string_view key, Entry* entry)
      : keyspace_(&keyspace), key_(key), entry_(entry) {}
  StringEdit(const StringEdit&) = delete;
  StringEdit& operator=(const StringEdit&) = delete;
  ~StringEdit() { assert((!unreported_ || std::uncaught_exceptions() > 0) && "a change was not reported: call changed()"); }

  explicit operator bool() const { return keyspace_ != nullptr; }
  bool exists() const { return entry_ != nullptr; }
  Entry* entry() const { return entry_; }
  std::string_view text() const { return entry_ == nullptr ? std::string_view{} : string_text(*entry_, scratch_); }
  size_t length() const { return text().size(); }

  // Each keeps the deadline, as a change of an existing value does.
  void assign(std::string_view value);
  void set_integer(int64_t value);
  void append(std::string_view value);
  // Writes at `offset`; a gap is filled with zero bytes. REQUIRES: !value.empty()
  void write_at(size_t offset, std::string_view value);
  // The value's own bytes, for changes in place: `length` of them, new ones zero, as a raw string from now on. Valid until
  // the next change.
  char* resize(size_t length);

  // What resize() gave was only read, or the change is reported otherwise.
  void unchanged() { unreported_ = false; }
  void changed(std::string_view name);

 private:
  void make_raw(size_t length);
  char* bytes();

  Keyspace* keyspace_ = nullptr;
  std::string_view key_;
  Entry* entry_ = nullptr;
  bool unreported_ = false;
  mutable StringScratch scratch_;
};

}  // namespace keyspace
