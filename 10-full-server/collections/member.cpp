// SPDX-License-Identifier: MIT
#include "10-full-server/collections/member.h"

#include <cassert>
#include <cmath>
#include <new>

#include "shared/util/memory.h"

namespace collections {

namespace {

// Returns what follows; the one-byte part is the caller's.
char* put_long_length(char* at, size_t length) {
  if (length < kLongLength) return at;
  const uint64_t wide = length;
  std::memcpy(at, &wide, sizeof wide);
  return at + sizeof wide;
}

uint8_t short_part(size_t length) {
  return length < kLongLength ? static_cast<uint8_t>(length) : kLongLength;
}

char* put_text(char* at, std::string_view text) {
  if (!text.empty()) std::memmove(at, text.data(), text.size());
  return at + text.size();
}

}  // namespace

SetMember* SetMember::create(std::string_view text) {
  auto* member = new (memory::allocate(size_of(text.size()))) SetMember();
  member->length_ = short_part(text.size());
  put_text(put_long_length(reinterpret_cast<char*>(member + 1), text.size()), text);
  return member;
}

void SetMember::destroy(SetMember* member) noexcept {
  memory::release(member, member->allocation_size());
}

ScoredMember* ScoredMember::create(std::string_view text, double score) {
  assert(!std::isnan(score));
  auto* member = new (memory::allocate(size_of(text.size()))) ScoredMember(score);
  char* at = reinterpret_cast<char*>(member + 1);
  *at++ = static_cast<char>(short_part(text.size()));
  put_text(put_long_length(at, text.size()), text);
  return member;
}

void ScoredMember::destroy(ScoredMember* member) noexcept {
  memory::release(member, member->allocation_size());
}

size_t HashField::size_of(size_t field_length, size_t value_length) {
  return memory::good_size(length_size(field_length) + length_size(value_length) + field_length +
                           value_length);
}

size_t HashField::allocation_size() const { return size_of(field_length(), value_length()); }

void HashField::set_value_length(size_t length) {
  value_length_ = short_part(length);
  put_long_length(reinterpret_cast<char*>(this + 1) + (field_is_long() ? 8 : 0), length);
}

HashField* HashField::create(std::string_view field, std::string_view value) {
  auto* made = new (memory::allocate(size_of(field.size(), value.size()))) HashField();
  made->field_length_ = short_part(field.size());
  put_long_length(reinterpret_cast<char*>(made + 1), field.size());
  made->set_value_length(value.size());
  put_text(put_text(const_cast<char*>(made->texts()), field), value);
  return made;
}

void HashField::destroy(HashField* field) noexcept {
  memory::release(field, field->allocation_size());
}

// In place only when the lengths keep their shape, so that the field's text stays where it is.
HashField* HashField::with_value(HashField* field, std::string_view value) {
  const size_t field_length = field->field_length();
  const bool same_shape = field->value_is_long() == (short_part(value.size()) == kLongLength);
  if (same_shape && size_of(field_length, value.size()) == field->allocation_size()) {
    put_text(const_cast<char*>(field->value().data()), value);
    field->set_value_length(value.size());
    return field;
  }
  HashField* made = create(field->text(), value);
  destroy(field);
  return made;
}

}  // namespace collections
