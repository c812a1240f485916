// SPDX-License-Identifier: MIT
#include "10-full-server/collections/set_table.h"

namespace collections {

bool SetTable::add(std::string_view member) {
  if (body_ == nullptr) body_ = std::make_unique<Body>();
  const uint64_t hash = hash_text(member);
  if (body_->find(hash, member) != nullptr) return false;
  body_->insert(hash, SetMember::create(member));
  return true;
}

bool SetTable::remove(std::string_view member) {
  if (body_ == nullptr) return false;
  return Taken<SetMember>(body_->take(hash_text(member), member)) != nullptr;
}

bool SetTable::contains(std::string_view member) const {
  return body_ != nullptr && body_->find(hash_text(member), member) != nullptr;
}

Taken<SetMember> SetTable::take_random(util::Random& random) {
  SetMember* member = body_->random(random);
  body_->take(member);
  return Taken<SetMember>(member);
}

SetTable SetTable::clone() const {
  SetTable copy;
  if (empty()) return copy;
  copy.body_ = std::make_unique<Body>();
  for_each(
      [&](std::string_view text) { copy.body_->insert(hash_text(text), SetMember::create(text)); });
  return copy;
}

size_t SetTable::memory_size() const {
  return body_ == nullptr ? 0 : memory::good_size(sizeof(Body)) + body_->memory_size();
}

SetTable SetTable::adopt(uintptr_t word) {
  SetTable set;
  set.body_.reset(reinterpret_cast<Body*>(word));
  return set;
}

std::string SetTable::find_fault() const { return body_ == nullptr ? "" : body_->find_fault(); }

}  // namespace collections
