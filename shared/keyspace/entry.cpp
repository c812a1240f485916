// SPDX-License-Identifier: MIT
#include "shared/keyspace/entry.h"

#include <new>

namespace keyspace {

static size_t size_for(size_t key_length, bool deadline, bool word, size_t text_length) {
  return sizeof(Entry) + (deadline ? 8 : 0) + (word ? 8 : 0) + (key_length >= 255 ? 8 : 0) + key_length + text_length;
}

size_t Entry::allocation_size() const {
  return size_for(key().size(), has_deadline(), has_word(), has_word() ? 0 : value_length_);
}

Entry* Entry::create(const Parts& parts) {
  const bool deadline = parts.deadline != kNever;
  void* place = memory::allocate(size_for(parts.key.size(), deadline, parts.has_word, parts.text.size()));
  auto* entry = new (place) Entry;
  entry->type_encoding_ = static_cast<uint8_t>(static_cast<unsigned>(parts.type) | unsigned{parts.encoding} << 4);
  entry->flags_ = static_cast<uint8_t>((deadline ? kHasDeadline : 0) | (parts.has_word ? kHasWord : 0) |
                                       (parts.word_is_blob ? kIsBlob : 0));
  entry->set_clock(parts.clock);
  entry->value_length_ = static_cast<uint8_t>(parts.text.size());
  if (deadline) entry->set_deadline(parts.deadline);
  if (parts.has_word) entry->set_word(parts.word);
  char* at = const_cast<char*>(entry->body());
  if (parts.key.size() >= kLong) {
    const uint64_t length = parts.key.size();
    std::memcpy(at, &length, sizeof length);
    at += sizeof length;
    entry->key_length_ = kLong;
  } else {
    entry->key_length_ = static_cast<uint8_t>(parts.key.size());
  }
  if (!parts.key.empty()) std::memcpy(at, parts.key.data(), parts.key.size());
  if (!parts.text.empty()) std::memcpy(at + parts.key.size(), parts.text.data(), parts.text.size());
  return entry;
}

Entry* Entry::create_string(std::string_view key, std::string_view value, UnixMs deadline, uint32_t clock) {
  Parts parts{.key = key, .deadline = deadline, .clock = clock};
  if (const auto number = util::parse_int64(value)) {
    parts.encoding = static_cast<uint8_t>(StringEncoding::Integer);
    parts.has_word = true;
    parts.word = static_cast<uint64_t>(*number);
    return create(parts);
  }
  parts.encoding = static_cast<uint8_t>(value.size() <= kMaxEmbedded ? StringEncoding::Embedded : StringEncoding::Raw);
  if (value.size() <= kMaxInline) {
    parts.text = value;
  } else {
    parts.has_word = parts.word_is_blob = true;
    parts.word = util::Blob(value).release();
  }
  return create(parts);
}

void Entry::destroy(Entry* entry) {
  if (entry->has_blob()) util::Blob::adopt(entry->word());
  memory::release(entry, entry->allocation_size());
}

util::Blob string_blob(const Entry& entry) {
  util::Blob owned = util::Blob::adopt(entry.word());
  util::Blob shared = owned;
  owned.release();
  return shared;
}

bool is_integer(const Entry& entry) {
  return entry.type() == TypeId::String && entry.encoding() == static_cast<uint8_t>(StringEncoding::Integer);
}

size_t string_length(const Entry& entry) {
  StringScratch scratch;
  return string_text(entry, scratch).size();
}

}  // namespace keyspace
