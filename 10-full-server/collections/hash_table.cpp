// SPDX-License-Identifier: MIT
#include "10-full-server/collections/hash_table.h"

namespace collections {

HashTable::Body& HashTable::body() {
  if (body_ == nullptr) body_ = std::make_unique<Body>();
  return *body_;
}

bool HashTable::set(std::string_view field, std::string_view value) {
  const uint64_t hash = hash_text(field);
  const auto with_value = [&](HashField* held) { return HashField::with_value(held, value); };
  if (body().change(hash, field, with_value)) return false;
  body_->insert(hash, HashField::create(field, value));
  return true;
}

bool HashTable::add(std::string_view field, std::string_view value) {
  const uint64_t hash = hash_text(field);
  if (body().find(hash, field) != nullptr) return false;
  body_->insert(hash, HashField::create(field, value));
  return true;
}

bool HashTable::remove(std::string_view field) {
  if (body_ == nullptr) return false;
  return Taken<HashField>(body_->take(hash_text(field), field)) != nullptr;
}

std::optional<std::string_view> HashTable::get(std::string_view field) const {
  const HashField* held = body_ == nullptr ? nullptr : body_->find(hash_text(field), field);
  if (held == nullptr) return std::nullopt;
  return held->value();
}

HashTable::Field HashTable::random(util::Random& random) const {
  const HashField* field = body_->random(random);
  return {field->text(), field->value()};
}

HashTable HashTable::clone() const {
  HashTable copy;
  for_each([&](std::string_view field, std::string_view value) {
    copy.body().insert(hash_text(field), HashField::create(field, value));
  });
  return copy;
}

size_t HashTable::memory_size() const {
  return body_ == nullptr ? 0 : memory::good_size(sizeof(Body)) + body_->memory_size();
}

HashTable HashTable::adopt(uintptr_t word) {
  HashTable hash;
  hash.body_.reset(reinterpret_cast<Body*>(word));
  return hash;
}

std::string HashTable::find_fault() const { return body_ == nullptr ? "" : body_->find_fault(); }

}  // namespace collections
