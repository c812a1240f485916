// SPDX-License-Identifier: MIT
#include "shared/keyspace/string_edit.h"

#include <algorithm>
#include <string>

namespace keyspace {

// What a growing blob gets beyond what it needs: as much again, at most a megabyte.
constexpr size_t kMaxSpare = 1024 * 1024;

void StringEdit::assign(std::string_view value) {
  entry_ = keyspace_->set_string(key_, value, KeepTtl::Yes);
  unreported_ = true;
}

void StringEdit::set_integer(int64_t value) {
  if (entry_ != nullptr && is_integer(*entry_)) {
    entry_->set_word(static_cast<uint64_t>(value));
  } else {
    entry_ = keyspace_->set_integer(key_, value, KeepTtl::Yes);
  }
  unreported_ = true;
}

char* StringEdit::bytes() {
  if (!entry_->has_blob()) return entry_->mutable_text();
  util::Blob blob = util::Blob::adopt(entry_->word());
  char* at = blob.data();
  blob.release();
  return at;
}

// Gives the value `length` bytes (new ones undefined), in the entry or in a blob that nobody shares, encoding raw.
void StringEdit::make_raw(size_t length) {
  unreported_ = true;
  if (entry_ != nullptr && entry_->has_blob()) {
    util::Blob blob = util::Blob::adopt(entry_->word());
    const bool grows = length > blob.capacity();
    blob.make_unique(grows ? length + std::min(length, kMaxSpare) : length);
    blob.set_size(length);
    entry_->set_word(blob.release());
    return;
  }
  const std::string_view old = text();
  const auto raw = static_cast<uint8_t>(StringEncoding::Raw);
  if (entry_ != nullptr && !entry_->has_word() && entry_->encoding() == raw && old.size() == length) return;
  Entry::Parts parts{.key = key_,
                     .deadline = entry_ == nullptr ? kNever : entry_->deadline(),
                     .encoding = raw,
                     .clock = entry_ == nullptr ? keyspace_->environment().clock : entry_->clock()};
  if (length <= Entry::kMaxInline) {
    char padded[Entry::kMaxInline] = {};
    std::copy(old.begin(), old.end(), padded);
    parts.text = {padded, length};
    entry_ = keyspace_->store(Entry::create(parts));
  } else {
    // A value that is begun with one write may never grow.
    util::Blob blob(entry_ == nullptr ? length : length + std::min(length, kMaxSpare));
    std::copy(old.begin(), old.end(), blob.data());
    blob.set_size(length);
    parts.has_word = parts.word_is_blob = true;
    parts.word = blob.release();
    entry_ = keyspace_->store(Entry::create(parts));
  }
}

void StringEdit::append(std::string_view value) {
  if (!exists()) return assign(value);
  const size_t before = length();
  make_raw(before + value.size());
  std::copy(value.begin(), value.end(), bytes() + before);
}

void StringEdit::write_at(size_t offset, std::string_view value) {
  const size_t before = length();
  make_raw(std::max(before, offset + value.size()));
  if (offset > before) std::fill(bytes() + before, bytes() + offset, '\0');
  std::copy(value.begin(), value.end(), bytes() + offset);
}

char* StringEdit::resize(size_t length) {
  const size_t before = this->length();
  make_raw(length);
  if (length > before) std::fill(bytes() + before, bytes() + length, '\0');
  return bytes();
}

void StringEdit::changed(std::string_view name) {
  unreported_ = false;
  keyspace_->environment().sink->on_change({keyspace_->index(), key_, Event::String, name, 1});
}

}  // namespace keyspace
